// What stands on top of an element: the experiment in a line, what it can be asked for, how far it is,
// and the line that says what happens.

import type { Metric } from "@convergence-lab/core";
import type { Opened, Source } from "../messages.ts";
import { button, field, h, options } from "./dom.ts";
import { METRIC_NAMES } from "./metric-names.ts";
import { preview } from "./preview.ts";

export interface ControlActions {
  /** Trains, or stops what goes on. */
  train(): void;
  diagnose(): void;
  /** Another metric or variant is to be shown. */
  choose(): void;
}

const METRICS_SHOWN = Object.keys(METRIC_NAMES) as Metric[];

/** A screen reader is told no more often. */
const MS_BETWEEN_WORDS = 5000;

export class Controls {
  readonly elements: readonly HTMLElement[];
  #name = "";
  #lastSaid = 0;

  readonly #title = h("p", { class: "title", part: "title" });
  /**
   * Has its room before anything is known. A button that moves when a reader turns to the lab is not
   * where it is clicked, so nothing above or beside one may grow then.
   */
  readonly #facts = h("p", { class: "quiet facts" });
  readonly #train: HTMLButtonElement;
  readonly #fix: HTMLButtonElement;
  readonly #metric = h("select", { name: "metric" });
  readonly #variant = h("select", { name: "variant" });
  readonly #metricField = field("Show", this.#metric);
  readonly #variantField = field("Look into", this.#variant);
  readonly #progress = h("progress", { max: 1, value: 0, "aria-label": "Progress", hidden: true });
  readonly #status = h("p", {
    role: "status",
    "aria-live": "polite",
    part: "status",
    class: "status",
  });

  constructor({ train, diagnose, choose }: ControlActions) {
    this.#train = button("Train", train, "primary");
    this.#fix = button("Find what fixes it", diagnose);
    this.#metric.addEventListener("change", choose);
    this.#variant.addEventListener("change", choose);
    this.elements = [
      h("header", {}, h("slot", { name: "title" }, this.#title), this.#facts),
      h(
        "div",
        { class: "row controls" },
        this.#train,
        this.#fix,
        this.#metricField,
        this.#variantField,
      ),
      this.#progress,
      this.#status,
    ];
  }

  /** Of the experiment, as far as it is known. */
  get name(): string {
    return this.#name;
  }

  get metric(): Metric {
    return (this.#metric.value || "loss") as Metric;
  }

  get variant(): string {
    return this.#variant.value;
  }

  /** @param source What is named, before it is opened; undefined: nothing is. */
  show(source: Source | undefined, opened: Opened | undefined, isBusy: boolean): void {
    if (opened !== undefined) this.#showOpened(opened, isBusy);
    else if (source !== undefined) this.#showNamed(source);
    this.#fix.disabled = isBusy || source === undefined;
    this.#progress.hidden = !isBusy;
  }

  /** There is nothing to train. */
  disable(): void {
    this.#train.disabled = true;
  }

  /** @param share Absent: nobody knows how far it is. */
  progress(share?: number): void {
    if (share === undefined) this.#progress.removeAttribute("value");
    else this.#progress.value = share;
  }

  say(text: string, now = false): void {
    if (!now && performance.now() - this.#lastSaid < MS_BETWEEN_WORDS) return;
    this.#lastSaid = performance.now();
    this.#status.textContent = text;
  }

  #showOpened(opened: Opened, isBusy: boolean): void {
    const { variants, runs, seeds, title } = opened;
    this.#call(title);
    this.#facts.textContent = factsText(opened);
    const names = variants.map(({ name }) => name);
    offer(this.#variant, names);
    const metrics = METRICS_SHOWN.filter((metric) =>
      variants.some(({ chance }) => chance[metric] !== undefined),
    );
    this.#offerMetrics(metrics);
    this.#metric.disabled = false;
    this.#variantField.hidden = names.length < 2;
    this.#metricField.hidden = metrics.length === 0;
    const label = runs === seeds ? `Train ${seeds} seeds` : `Train ${runs} networks`;
    this.#train.textContent = isBusy ? "Stop" : label;
    this.#train.disabled = !isBusy && runs === 0;
  }

  #showNamed(source: Source): void {
    const { title, label } = preview(source);
    this.#call(title);
    this.#train.textContent = label;
    this.#train.disabled = false;
    this.#variantField.hidden = true;
    // It has its room, as the facts have.
    this.#offerMetrics(METRICS_SHOWN);
    this.#metric.disabled = true;
  }

  #offerMetrics(metrics: readonly Metric[]): void {
    offer(this.#metric, metrics, (metric) => METRIC_NAMES[metric as Metric]);
  }

  #call(title: string): void {
    this.#name = title;
    this.#title.textContent = title;
  }
}

/** "16-32-1 relu sigmoid · 400 rows, 100 to test on · 20 seeds" */
function factsText({ variants, seeds, runs }: Opened): string {
  if (variants.length === 0) return "";
  const [{ network, trainRows, testRows }] = variants;
  const networks = variants.length === 1 ? network : `${variants.length} networks compared`;
  const rows =
    testRows === 0 ? `${trainRows} rows` : `${trainRows} rows to train on, ${testRows} to test on`;
  const more = runs > seeds * variants.length ? `, ${runs} runs in all` : "";
  return `${networks} \u00b7 ${rows} \u00b7 ${seeds} training seeds${more}`;
}

/** Keeps what is chosen, where that is still there. */
function offer(
  select: HTMLSelectElement,
  values: readonly string[],
  labelOf?: (value: string) => string,
): void {
  const offered = [...select.options].map(({ value }) => value);
  if (offered.length === values.length && offered.every((value, i) => value === values[i])) return;
  const { value } = select;
  select.replaceChildren(...options(values, labelOf));
  if (values.includes(value)) select.value = value;
}
