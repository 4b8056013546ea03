// A plot at the width that there is, with its finding as the label that is read out, and with its
// numbers as a table behind it.

import { type LinePlot, linePlot } from "@convergence-lab/core";
import { drawingOf, h } from "./dom.ts";
import { tableOf } from "./table.ts";

export interface Plot extends Omit<LinePlot, "width" | "height" | "inks"> {
  /** What stands in the table for a value's position. Absent: it is counted from 1. */
  readonly placeOf?: (index: number) => number;
}

/** More rows are thinned out; the downloaded CSV has them all. */
const MOST_ROWS = 50;
/** Height over width, between the bounds in pixels. */
const ASPECT = 0.62;
const [LEAST_HEIGHT, MOST_HEIGHT] = [220, 300];
/** What is drawn before the page has said how wide it is. */
const USUAL_WIDTH = 480;
/** Room of the longest names; below this only the lines shrink. */
const LEAST_WIDTH = 260;

const SERIES = Array.from({ length: 8 }, (_, i) => `var(--series-${i + 1})`);

export class PlotFigure {
  readonly element: HTMLElement;
  readonly #picture = h("div", { class: "picture" });
  readonly #table = h("div", { class: "scroll tall", role: "region", tabindex: "0" });
  readonly #details: HTMLDetailsElement;
  readonly #resized: ResizeObserver;
  #plot: Plot | undefined;
  #width = USUAL_WIDTH;
  #frame = 0;

  constructor() {
    this.#details = h("details", {}, h("summary", {}, "Show as table"), this.#table);
    this.#details.addEventListener("toggle", () => this.#fillTable());
    this.element = h("figure", { part: "figure", hidden: true }, this.#picture, this.#details);
    this.#resized = new ResizeObserver(([{ contentRect }]) => {
      this.#width = Math.round(contentRect.width) || USUAL_WIDTH;
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.#draw());
    });
    this.#resized.observe(this.#picture);
  }

  /** Undefined: there is nothing to show. */
  show(plot: Plot | undefined): void {
    this.#plot = plot;
    this.element.hidden = plot === undefined;
    this.#draw();
  }

  destroy(): void {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #draw(): void {
    if (this.#plot === undefined) return;
    const width = Math.max(LEAST_WIDTH, this.#width);
    const height = Math.round(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, ASPECT * width)));
    const svg = linePlot({ ...this.#plot, width, height, inks: SERIES });
    this.#picture.replaceChildren(drawingOf(svg));
    this.#fillTable();
  }

  #fillTable(): void {
    if (!this.#details.open || this.#plot === undefined) return;
    const { lines, xLabel, yLabel, placeOf = (i) => i + 1 } = this.#plot;
    this.#table.setAttribute("aria-label", `Numbers of the plot: ${yLabel}`);
    const length = Math.max(...lines.map(({ values }) => values.length));
    const every = Math.ceil(length / MOST_ROWS);
    const listed = Array.from({ length }, (_, i) => i).filter(
      (i) => i % every === 0 || i === length - 1,
    );
    const head = [xLabel, ...lines.map(({ name }) => name)];
    const rows = listed.map((i) => [
      String(placeOf(i)),
      ...lines.map(({ values, low, high }) => bandText(values[i], low?.[i], high?.[i])),
    ]);
    this.#table.replaceChildren(tableOf(head, rows));
  }
}

type Value = number | null | undefined;

function bandText(value: Value, low: Value, high: Value): string {
  if (value === null || value === undefined) return "\u2013";
  const center = Number(value.toPrecision(4));
  if (low === null || low === undefined || high === null || high === undefined) {
    return String(center);
  }
  return `${center} (${Number(low.toPrecision(3))} to ${Number(high.toPrecision(3))})`;
}
