// What an element shows once it is loaded: controls, plots that follow the training, findings, and the
// doctor's answer. It holds no experiment; that is the session's, in the worker.

import type { EngineInfo, Finding, Intervention, Metric, Report } from "@convergence-lab/core";
import { LabError, LabSession } from "../connection.ts";
import type { ConvergenceLabElement, LabEvents } from "../element.ts";
import type {
  Opened,
  Problem,
  ShownReport,
  Source,
  Told,
  Trained,
  VariantCurves,
} from "../messages.ts";
import { capital, deadPlot, gradientPlot, METRIC_NAMES, metricPlot } from "./curve-plots.ts";
import { DataPanel } from "./data-panel.ts";
import { button, field, fragmentOf, h, options } from "./dom.ts";
import { FindingsList } from "./findings-list.ts";
import { compared } from "./knobs.ts";
import { KnobsPanel } from "./knobs-panel.ts";
import { Pace } from "./pace.ts";
import { PlotFigure } from "./plot-figure.ts";
import { preview } from "./preview.ts";
import { MOST_CHARACTERS, sharedLab, shareHash } from "./share.ts";
import { SpecPanel } from "./spec-panel.ts";
import { folded, unfolded } from "./spec-text.ts";
import { VIEW_STYLE } from "./style.ts";
import { SurfaceFigure } from "./surface-figure.ts";
import { TakeAway } from "./take-away.ts";

export type LabSource =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "spec"; readonly spec: unknown }
  | { readonly kind: "src"; readonly src: string }
  | { readonly kind: "preset"; readonly preset: string };

export interface ViewHost {
  readonly element: ConvergenceLabElement;
  readonly root: ShadowRoot;
  emit<Type extends keyof LabEvents>(type: Type, detail: LabEvents[Type]): void;
}

type Work = () => Promise<{ readonly report: Report; readonly shown: ShownReport }>;

export function mountView(host: ViewHost): LabView {
  return new LabView(host);
}

/** A screen reader is told no more often. */
const MS_BETWEEN_WORDS = 5000;

let styleSheet: CSSStyleSheet | undefined;

export class LabView {
  readonly #host: ViewHost;
  #session: LabSession | undefined;
  #isPaused = false;
  /** What is to be opened when a reader turns to the lab. */
  #source: Source | undefined;
  #waking: Promise<void> | undefined;
  /** Whether a reader was there before there was anything to see. */
  readonly #isTurnedTo: boolean;
  #opened: Opened | undefined;
  #preset: string | undefined;
  #curves: readonly VariantCurves[] = [];
  #findings: readonly Finding[] = [];
  #surfaces: Trained["surfaces"] = [];
  #report: Report | undefined;
  #engineInfo: EngineInfo | undefined;
  #busy: "training" | "diagnosis" | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #told = new Set<string>();
  readonly #pace = new Pace();
  /** What the element named last, until it is open. */
  #named: Promise<void> = Promise.resolve();
  #opening = 0;
  #specOpening = 0;

  readonly #title = h("p", { class: "title", part: "title" });
  readonly #facts = h("p", { class: "quiet" });
  readonly #trainButton = button("Train", () => this.#trainOrStop(), "primary");
  readonly #fixButton = button("Find what fixes it", () => void this.diagnose());
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
  readonly #verdict = h("div", { part: "verdict", class: "verdicts", hidden: true });
  readonly #evidence = h("div", { part: "evidence", class: "verdicts", hidden: true });
  readonly #prescribe = h("div", { class: "row", hidden: true });
  readonly #fallback = h("slot");
  readonly #main = new PlotFigure();
  readonly #gradient = new PlotFigure();
  readonly #dead = new PlotFigure();
  readonly #surface: SurfaceFigure;
  readonly #legend = h("p", { class: "quiet", hidden: true });
  readonly #list = new FindingsList((intervention, finding) => this.#try(intervention, finding));
  readonly #knobs = new KnobsPanel((spec) => void this.#edit(spec));
  readonly #spec = new SpecPanel((spec) => void this.#edit(spec));
  readonly #takeAway: TakeAway;
  readonly #panels: HTMLElement;
  readonly #engine = h("p", { class: "quiet", part: "engine" });
  readonly #lab: HTMLElement;
  readonly #onHash = () => void this.#openShared();

  constructor(host: ViewHost) {
    this.#host = host;
    this.#takeAway = new TakeAway({
      download: (kind) => this.#live().call("text", kind),
      share: () => this.#share(),
    });
    const data = new DataPanel({
      inspect: (file) => this.#live().call("inspect", file, file.name),
      useTable: async (file, target) => {
        const { spec, notes } = await this.#live().call("table", file, file.name, target);
        this.#preset = undefined;
        await this.#openSpec({ spec });
        return notes;
      },
      useModel: async (file) => {
        const { spec, notes } = await this.#live().call("model", file, file.name);
        // Without its table a network cannot be opened; the next file that is dropped may be that.
        await this.#openSpec({ spec }).catch(() => {});
        return notes;
      },
    });
    this.#panels = h(
      "div",
      { class: "panels" },
      panel("Change a setting", this.#knobs.element),
      panel("Your data or model", data.element),
      panel("Edit the spec", this.#spec.element),
    );
    const plots = h("div", { class: "plots", part: "plots" });
    const lab = h(
      "section",
      { class: "lab", part: "lab", "aria-label": "Convergence Lab" },
      h("header", {}, h("slot", { name: "title" }, this.#title), this.#facts),
      h(
        "div",
        { class: "row controls" },
        this.#trainButton,
        this.#fixButton,
        this.#metricField,
        this.#variantField,
      ),
      this.#progress,
      this.#status,
      this.#verdict,
      this.#prescribe,
      this.#fallback,
      plots,
      this.#legend,
      this.#evidence,
      this.#list.element,
      this.#panels,
      panel("Take it with you", this.#takeAway.element),
      this.#engine,
      h("slot", { name: "note" }),
    );
    this.#lab = lab;
    this.#surface = new SurfaceFigure(lab);
    plots.append(
      this.#main.element,
      this.#surface.element,
      this.#gradient.element,
      this.#dead.element,
    );
    this.#metric.addEventListener("change", () => this.#draw());
    this.#variant.addEventListener("change", () => this.#draw());
    styleSheet ??= sheetOf(VIEW_STYLE);
    const [size] = host.root.adoptedStyleSheets;
    host.root.adoptedStyleSheets = [size, styleSheet];
    host.root.replaceChildren(lab);
    addEventListener("hashchange", this.#onHash);
    for (const type of ["pointerenter", "focusin", "touchstart"]) {
      lab.addEventListener(type, () => void this.#wake(), { once: true, passive: true });
    }
    this.update();
    this.#render();
    this.#isTurnedTo = host.element.matches(":hover, :focus-within");
  }

  get spec(): unknown {
    return this.#opened?.spec ?? this.#source?.spec;
  }

  get report(): Report | undefined {
    return this.#report;
  }

  get engineInfo(): EngineInfo | undefined {
    return this.#engineInfo;
  }

  /** What the element's attributes and properties name, or the address where it names this lab. */
  open(source: LabSource): Promise<void> {
    this.#named = this.#openNamed(source);
    return this.#named;
  }

  async #openNamed(source: LabSource): Promise<void> {
    const opening = ++this.#opening;
    try {
      const found = await this.#sourceOf(source);
      if (opening !== this.#opening || found === undefined) return;
      const wasAwake = this.#waking !== undefined;
      this.#waking = undefined;
      this.#source = found;
      this.#preset = found.preset;
      this.#opened = undefined;
      this.#render();
      const isShared = (await sharedLab(this.#name(), location.hash)) !== undefined;
      if (wasAwake || isShared || this.#isTurnedTo) await this.#wake();
      if (isShared) await this.#openShared();
    } catch (error) {
      if (opening === this.#opening) this.#fail(error as Error);
    }
  }

  /** Undefined when it was stopped before it came to anything, or failed. */
  async train(): Promise<Report | undefined> {
    await this.#named;
    await this.#wake();
    if (this.#busy !== undefined || this.#opened === undefined) return undefined;
    return this.#work("training", async () => {
      this.#curves = [];
      this.#surfaces = [];
      this.#say("Loading what trains it.", true);
      const trained = await this.#live().call("train", this.#host.element.engine);
      this.#surfaces = trained.surfaces;
      this.#say(trained.stopped ? "Stopped; what had finished is shown." : "Trained.", true);
      return trained;
    });
  }

  async diagnose(): Promise<Report | undefined> {
    await this.#named;
    await this.#wake();
    if (this.#busy !== undefined || this.#opened === undefined) return undefined;
    const variant = this.#opened.variants.length > 1 ? this.#variant.value : undefined;
    return this.#work("diagnosis", async () => {
      this.#say("Loading the doctor.", true);
      const diagnosed = await this.#live().call("diagnose", this.#host.element.engine, variant);
      this.#say("Diagnosed.", true);
      return diagnosed;
    });
  }

  stop(): void {
    this.#session?.control("stop");
  }

  pause(): void {
    this.#isPaused = true;
    this.#session?.control("pause");
  }

  resume(): void {
    this.#isPaused = false;
    this.#session?.control("resume");
  }

  /** After a change of what the element may do. */
  update(): void {
    this.#panels.hidden = this.#host.element.readOnly;
    this.#showFindings();
  }

  destroy(): void {
    removeEventListener("hashchange", this.#onHash);
    for (const figure of [this.#main, this.#gradient, this.#dead, this.#surface]) figure.destroy();
    this.#session?.close();
  }

  /** The session, and with the first of a page its worker. */
  #live(): LabSession {
    if (this.#session === undefined) {
      this.#session = new LabSession((event) => this.#hear(event));
      if (this.#isPaused) this.#session.control("pause");
    }
    return this.#session;
  }

  /** Opens the experiment once a reader turns to it; until then a page pays for a picture alone. */
  #wake(): Promise<void> {
    const source = this.#source;
    if (source === undefined) return Promise.resolve();
    this.#waking ??= this.#openSpec(source).catch((error) => this.#fail(error));
    return this.#waking;
  }

  async #sourceOf(source: LabSource): Promise<Source | undefined> {
    switch (source.kind) {
      case "none":
        this.#say("Drop a table below, or set spec, src or preset.", true);
        this.#trainButton.disabled = true;
        return undefined;
      case "spec":
        return { spec: source.spec };
      case "text":
        return { spec: parsedJson("The attribute spec", source.text) };
      case "preset":
        return { preset: source.preset };
      case "src": {
        const response = await fetch(source.src);
        if (!response.ok)
          throw new Error(`${source.src}: ${response.status} ${response.statusText}`);
        return { spec: parsedJson(source.src, await response.text()) };
      }
    }
  }

  async #openSpec(source: Source): Promise<void> {
    if (this.#busy !== undefined) {
      this.stop();
      await this.#running;
    }
    const opening = ++this.#specOpening;
    const opened = await this.#live().call("open", source);
    // Another one has been asked for since.
    if (opening !== this.#specOpening) return;
    this.#source = source;
    this.#waking ??= Promise.resolve();
    this.#opened = opened;
    this.#curves = [];
    this.#surfaces = [];
    this.#report = undefined;
    this.#findings = opened.findings;
    this.#told = new Set();
    this.#verdict.hidden = true;
    this.#evidence.hidden = true;
    this.#prescribe.hidden = true;
    this.#knobs.show(opened.spec);
    this.#spec.show(opened.spec);
    const [first] = opened.untrainable;
    this.#say(
      first === undefined ? "" : `As written it cannot be trained: ${first.path} ${first.message}`,
      true,
    );
    for (const finding of opened.findings) this.#tellFinding(finding);
    this.#render();
  }

  /** A spec that a person has changed here. */
  async #edit(spec: unknown): Promise<boolean> {
    try {
      await this.#openSpec({ spec });
      this.#say("Changed; train to see what it does.", true);
      return true;
    } catch (error) {
      this.#spec.showProblems(problemsOf(error as Error));
      this.#fail(error as Error);
      return false;
    }
  }

  async #try({ id, patch }: Intervention, { variants }: Finding): Promise<void> {
    const names = this.#opened!.variants.map(({ name }) => name);
    const variant = names.length > 1 ? variants.find((name) => names.includes(name)) : undefined;
    if (await this.#edit(compared(this.#opened!.spec, variant, id, patch))) await this.train();
  }

  #work(kind: "training" | "diagnosis", work: Work): Promise<Report | undefined> {
    const running = this.#doWork(kind, work);
    this.#running = running;
    return running;
  }

  async #doWork(kind: "training" | "diagnosis", work: Work): Promise<Report | undefined> {
    this.#busy = kind;
    this.#progress.removeAttribute("value");
    this.#verdict.hidden = true;
    this.#evidence.hidden = true;
    this.#prescribe.hidden = true;
    this.#render();
    try {
      const { report, shown } = await work();
      this.#report = report;
      this.#findings = report.findings;
      this.#answer(report, shown);
      this.#host.emit("lab-finish", { report, kind });
      return report;
    } catch (error) {
      this.#fail(error as Error);
      return undefined;
    } finally {
      this.#busy = undefined;
      this.#render();
    }
  }

  #answer(report: Report, { answer, evidence }: ShownReport): void {
    this.#verdict.hidden = answer === "";
    this.#verdict.replaceChildren(fragmentOf(answer));
    this.#evidence.hidden = evidence === "";
    this.#evidence.replaceChildren(fragmentOf(evidence));
    const prescription = report.diagnosis?.prescription ?? null;
    this.#prescribe.hidden = prescription === null || this.#host.element.readOnly;
    if (prescription === null) return;
    const variant = this.#opened!.variants.length > 1 ? this.#variant.value : undefined;
    const name = prescription.interventions.join(" + ");
    this.#prescribe.replaceChildren(
      button(
        "Watch it train with the change",
        async () => {
          const spec = compared(this.#opened!.spec, variant, name, prescription.patch);
          if (await this.#edit(spec)) await this.train();
        },
        "primary",
      ),
      button("Take over the corrected spec", () => void this.#edit(prescription.spec)),
    );
  }

  #hear(event: Told): void {
    switch (event.kind) {
      case "engine":
        this.#engineInfo = event.info;
        this.#engine.textContent = `Trained by ${event.info.name} (${event.info.adapter}). ${event.info.reason}`;
        break;
      case "progress": {
        const { stepsDone, stepsTotal, runsDone, runsTotal } = event;
        this.#progress.value = stepsTotal === 0 ? 0 : stepsDone / stepsTotal;
        if (runsTotal > 0) this.#say(`Training: ${runsDone} of ${runsTotal} networks finished.`);
        this.#host.emit("lab-progress", { stepsDone, stepsTotal });
        break;
      }
      case "curves":
        this.#curves = event.curves;
        this.#pace.draw(() => this.#draw());
        break;
      case "findings":
        this.#findings = event.findings;
        for (const finding of event.findings) this.#tellFinding(finding);
        this.#showFindings();
        break;
      case "stage":
        this.#progress.removeAttribute("value");
        this.#say(`${capital(event.says)}.`);
        break;
    }
  }

  #tellFinding(finding: Finding): void {
    const key = `${finding.id} ${finding.where} ${finding.variants.join()}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#host.emit("lab-finding", { finding });
  }

  #trainOrStop(): void {
    if (this.#busy === undefined) void this.train();
    else this.stop();
  }

  /** Everything that depends on what is opened and what goes on. */
  #render(): void {
    const opened = this.#opened;
    const isBusy = this.#busy !== undefined;
    if (opened !== undefined) {
      const { variants, runs, seeds, title } = opened;
      this.#title.textContent = title;
      this.#lab.setAttribute("aria-label", `Convergence Lab: ${title}`);
      this.#facts.textContent = factsText(opened);
      const names = variants.map(({ name }) => name);
      offer(this.#variant, names);
      const metrics = (Object.keys(METRIC_NAMES) as Metric[]).filter((metric) =>
        variants.some(({ chance }) => chance[metric] !== undefined),
      );
      offer(this.#metric, metrics, (metric) => METRIC_NAMES[metric as Metric]);
      this.#variantField.hidden = names.length < 2;
      this.#metricField.hidden = metrics.length === 0;
      const label = runs === seeds ? `Train ${seeds} seeds` : `Train ${runs} networks`;
      this.#trainButton.textContent = isBusy ? "Stop" : label;
      this.#trainButton.disabled = !isBusy && runs === 0;
    } else if (this.#source !== undefined) {
      const { title, label } = preview(this.#source);
      this.#title.textContent = title;
      this.#lab.setAttribute("aria-label", `Convergence Lab: ${title}`);
      this.#trainButton.textContent = label;
      this.#trainButton.disabled = false;
      this.#variantField.hidden = true;
      this.#metricField.hidden = true;
    }
    this.#fixButton.disabled = isBusy || this.#source === undefined;
    this.#progress.hidden = !isBusy;
    this.#takeAway.allow(this.#report !== undefined);
    this.#showFindings();
    this.#draw();
  }

  #showFindings(): void {
    const names = this.#opened?.variants.map(({ name }) => name) ?? [];
    const canTry = !this.#host.element.readOnly && this.#busy === undefined;
    // A diagnosis says itself which of them matter.
    const shown = this.#report?.diagnosis === undefined ? this.#findings : [];
    this.#list.show(shown, names, canTry);
  }

  #draw(): void {
    const hasCurves = this.#curves.length > 0;
    this.#fallback.hidden = hasCurves || this.#report !== undefined;
    const metric = (this.#metric.value || "loss") as Metric;
    this.#main.show(metricPlot(this.#curves, metric, this.#opened?.variants ?? []));
    const chosen = this.#curves.find(({ name }) => name === this.#variant.value) ?? this.#curves[0];
    this.#gradient.show(chosen && gradientPlot(chosen));
    this.#dead.show(chosen && deadPlot(chosen));
    this.#surface.show(
      this.#surfaces.find(({ variant }) => variant === this.#variant.value) ?? this.#surfaces[0],
    );
    this.#legend.hidden = !hasCurves;
    if (chosen === undefined) return;
    const of = this.#curves.length > 1 ? ` Layers are those of ${chosen.name}.` : "";
    this.#legend.textContent = `Lines are medians over ${chosen.runs} training seeds; a band holds four of five seeds. Dashed: the best constant predictor.${of}`;
  }

  #lastSaid = 0;

  #say(text: string, now = false): void {
    if (!now && performance.now() - this.#lastSaid < MS_BETWEEN_WORDS) return;
    this.#lastSaid = performance.now();
    this.#status.textContent = text;
  }

  #fail(error: Error): void {
    const { code } = error as { code?: string };
    if (code === "LAB_CLOSED") return;
    const problems = problemsOf(error);
    const [first] = problems;
    this.#say(first === undefined ? error.message : `${first.path} ${first.message}`, true);
    if (code === "LAB_STOPPED" || error.name === "Interrupted") return;
    this.#spec.showProblems(problems);
    this.#host.emit("lab-error", { code, message: error.message, problems });
  }

  /** By which a link tells this lab from others of the page. */
  #name(): string {
    const { element } = this.#host;
    if (element.id !== "") return element.id;
    return String([...document.querySelectorAll(element.localName)].indexOf(element));
  }

  async #share(): Promise<string> {
    const spec = folded(this.#opened?.spec);
    const isOfFile =
      (spec as { data?: { source?: { kind?: string } } })?.data?.source?.kind === "table";
    const hash = await shareHash(this.#name(), { preset: this.#preset, spec });
    if (hash.length > MOST_CHARACTERS) return "It is too large for a link; take the spec as text.";
    history.replaceState(history.state, "", hash);
    const note = isOfFile ? " It holds no rows: who opens it needs the file." : "";
    try {
      await navigator.clipboard.writeText(location.href);
      return `The link is in the clipboard and in the address bar.${note}`;
    } catch {
      return `The link is in the address bar.${note}`;
    }
  }

  /** What the address holds for this lab; opening it trains nothing. */
  async #openShared(): Promise<void> {
    const shared = await sharedLab(this.#name(), location.hash);
    if (shared === undefined) return;
    try {
      await this.#wake();
      const { preset, spec } = shared;
      if (preset !== undefined && preset !== this.#preset) {
        await this.#openSpec({ preset });
        this.#preset = preset;
      }
      if (spec !== undefined) await this.#openSpec({ spec: unfolded(spec, this.#opened?.spec) });
    } catch (error) {
      this.#fail(error as Error);
    }
  }
}

function panel(title: string, content: HTMLElement): HTMLDetailsElement {
  return h("details", { class: "panel" }, h("summary", {}, title), content);
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

function problemsOf(error: Error): readonly Problem[] {
  return error instanceof LabError ? error.problems : [];
}

function parsedJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} is no JSON: ${(error as Error).message}`);
  }
}

function sheetOf(style: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
}
