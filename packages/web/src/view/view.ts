// What an element shows once it is loaded: controls, plots that follow the training, findings, and the
// doctor's answer. It holds no experiment; that is the session's, in the worker. Plots are loaded when
// something trains, and what changes an experiment when a reader turns to it.

import type { EngineInfo, Finding, Intervention, Report } from "@convergence-lab/core";
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
import { Answer } from "./answer.ts";
import { Controls } from "./controls.ts";
import { h } from "./dom.ts";
import { FindingsList } from "./findings-list.ts";
import { labInAddress, putIntoAddress } from "./lab-address.ts";
import { type LabSource, sourceOf } from "./lab-source.ts";
import { capital } from "./metric-names.ts";
import { Pace } from "./pace.ts";
import type { PanelPlaces, Panels } from "./panels.ts";
import type { Pictures } from "./pictures.ts";
import { VIEW_STYLE } from "./style.ts";

export type { LabSource } from "./lab-source.ts";

export interface ViewHost {
  readonly element: ConvergenceLabElement;
  readonly root: ShadowRoot;
  emit<Type extends keyof LabEvents>(type: Type, detail: LabEvents[Type]): void;
}

type Work = () => Promise<{ readonly report: Report; readonly shown: ShownReport }>;

export function mountView(host: ViewHost): LabView {
  return new LabView(host);
}

/** What a reader does who turns to a lab. */
const TURNS = ["pointerenter", "focusin", "touchstart", "dragenter"];

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

  readonly #controls = new Controls({
    train: () => this.#trainOrStop(),
    diagnose: () => void this.diagnose(),
    choose: () => this.#draw(),
  });
  readonly #answer = new Answer({
    watch: ({ interventions, patch }) => {
      const variants = this.#opened!.variants.length;
      const variant = variants > 1 ? this.#controls.variant : undefined;
      void this.#compare(variant, interventions.join(" + "), patch);
    },
    takeOver: ({ spec }) => void this.#edit(spec),
  });
  readonly #list = new FindingsList((intervention, finding) => this.#try(intervention, finding));
  readonly #fallback = h("slot");
  readonly #plots = h("div", { class: "plots", part: "plots" });
  readonly #legend = h("p", { class: "quiet", hidden: true });
  #pictures: Pictures | undefined;
  #loadingPictures: Promise<void> | undefined;
  readonly #places: PanelPlaces;
  readonly #changes: HTMLElement;
  #panels: Panels | undefined;
  #loadingPanels: Promise<Panels> | undefined;
  readonly #engine = h("p", { class: "quiet", part: "engine" });
  readonly #lab: HTMLElement;
  readonly #onHash = () => void this.#openShared();

  constructor(host: ViewHost) {
    this.#host = host;
    const [knobs, data, spec, takeAway] = [
      "Change a setting",
      "Your data or model",
      "Edit the spec",
      "Take it with you",
    ].map((title) => h("details", { class: "panel" }, h("summary", {}, title)));
    this.#places = { knobs, data, spec, takeAway };
    this.#changes = h("div", { class: "panels" }, knobs, data, spec);
    this.#lab = h(
      "section",
      { class: "lab", part: "lab", "aria-label": "Convergence Lab" },
      ...this.#controls.elements,
      this.#answer.verdict,
      this.#answer.prescribed,
      this.#fallback,
      this.#plots,
      this.#legend,
      this.#answer.evidence,
      this.#changes,
      takeAway,
      // Below all that has a hand on it: findings come, and go, while a reader works there.
      this.#list.element,
      this.#engine,
      h("slot", { name: "note" }),
    );
    styleSheet ??= sheetOf(VIEW_STYLE);
    const [size] = host.root.adoptedStyleSheets;
    host.root.adoptedStyleSheets = [size, styleSheet];
    host.root.replaceChildren(this.#lab);
    addEventListener("hashchange", this.#onHash);
    for (const type of TURNS) {
      this.#lab.addEventListener(type, () => this.#turnTo(), { once: true, passive: true });
    }
    this.update();
    this.#render();
    this.#isTurnedTo = host.element.matches(":hover, :focus-within");
    if (this.#isTurnedTo) this.#turnTo();
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
      const found = await sourceOf(source);
      if (opening !== this.#opening) return;
      if (found === undefined) {
        this.#controls.say("Drop a table below, or set spec, src or preset.", true);
        this.#controls.disable();
        return;
      }
      const wasAwake = this.#waking !== undefined;
      this.#waking = undefined;
      this.#source = found;
      this.#preset = found.preset;
      this.#opened = undefined;
      this.#render();
      const isShared = (await labInAddress(this.#host.element)) !== undefined;
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
      this.#controls.say("Loading what trains it.", true);
      const pictures = this.#loadPictures();
      const trained = await this.#live().call("train", this.#host.element.engine);
      await pictures;
      this.#surfaces = trained.surfaces;
      this.#controls.say(
        trained.stopped ? "Stopped; what had finished is shown." : "Trained.",
        true,
      );
      return trained;
    });
  }

  async diagnose(): Promise<Report | undefined> {
    await this.#named;
    await this.#wake();
    if (this.#busy !== undefined || this.#opened === undefined) return undefined;
    const variant = this.#opened.variants.length > 1 ? this.#controls.variant : undefined;
    return this.#work("diagnosis", async () => {
      this.#controls.say("Loading the doctor.", true);
      const diagnosed = await this.#live().call("diagnose", this.#host.element.engine, variant);
      this.#controls.say("Diagnosed.", true);
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
    this.#changes.hidden = this.#host.element.readOnly;
    this.#showFindings();
  }

  destroy(): void {
    removeEventListener("hashchange", this.#onHash);
    this.#pace.stop();
    this.#pictures?.destroy();
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

  #turnTo(): void {
    this.#loadPanels().catch((error) => this.#fail(error));
    void this.#wake();
  }

  /** Opens the experiment once a reader turns to it; until then a page pays for a picture alone. */
  #wake(): Promise<void> {
    const source = this.#source;
    if (source === undefined) return Promise.resolve();
    this.#waking ??= this.#openSpec(source).catch((error) => this.#fail(error));
    return this.#waking;
  }

  #loadPanels(): Promise<Panels> {
    this.#loadingPanels ??= import("./panels.ts").then(({ Panels }) => {
      this.#panels = new Panels(this.#places, {
        edit: (spec) => void this.#edit(spec),
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
        download: (kind) => this.#live().call("text", kind),
        share: () => putIntoAddress(this.#host.element, this.#preset, this.#opened?.spec),
      });
      return this.#panels;
    });
    return this.#loadingPanels;
  }

  #loadPictures(): Promise<void> {
    this.#loadingPictures ??= import("./pictures.ts").then(({ Pictures }) => {
      this.#pictures = new Pictures(this.#plots, this.#legend);
      this.#draw();
    });
    return this.#loadingPictures;
  }

  async #openSpec(source: Source): Promise<void> {
    if (this.#busy !== undefined) {
      this.stop();
      await this.#running;
    }
    const opening = ++this.#specOpening;
    const [opened, panels] = await Promise.all([
      this.#live().call("open", source),
      this.#loadPanels(),
    ]);
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
    this.#answer.clear();
    panels.show(opened.spec);
    const [first] = opened.untrainable;
    this.#controls.say(
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
      this.#controls.say("Changed; train to see what it does.", true);
      return true;
    } catch (error) {
      this.#fail(error as Error);
      return false;
    }
  }

  #try({ id, patch }: Intervention, { variants }: Finding): void {
    const names = this.#opened!.variants.map(({ name }) => name);
    const variant = names.length > 1 ? variants.find((name) => names.includes(name)) : undefined;
    void this.#compare(variant, id, patch);
  }

  /** Trains a change beside what it changes. */
  async #compare(variant: string | undefined, name: string, patch: unknown): Promise<void> {
    const { compared } = await import("./panels.ts");
    if (await this.#edit(compared(this.#opened!.spec, variant, name, patch))) await this.train();
  }

  #work(kind: "training" | "diagnosis", work: Work): Promise<Report | undefined> {
    const running = this.#doWork(kind, work);
    this.#running = running;
    return running;
  }

  async #doWork(kind: "training" | "diagnosis", work: Work): Promise<Report | undefined> {
    this.#busy = kind;
    this.#controls.progress();
    this.#answer.clear();
    this.#render();
    try {
      const { report, shown } = await work();
      this.#report = report;
      this.#findings = report.findings;
      this.#answer.show(report, shown, !this.#host.element.readOnly);
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

  #hear(event: Told): void {
    switch (event.kind) {
      case "engine":
        this.#engineInfo = event.info;
        this.#engine.textContent = `Trained by ${event.info.name} (${event.info.adapter}). ${event.info.reason}`;
        break;
      case "progress": {
        const { stepsDone, stepsTotal, runsDone, runsTotal } = event;
        this.#controls.progress(stepsTotal === 0 ? 0 : stepsDone / stepsTotal);
        if (runsTotal > 0) {
          this.#controls.say(`Training: ${runsDone} of ${runsTotal} networks finished.`);
        }
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
        this.#controls.progress();
        this.#controls.say(`${capital(event.says)}.`);
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
    this.#controls.show(this.#source, this.#opened, this.#busy !== undefined);
    const { name } = this.#controls;
    if (name !== "") this.#lab.setAttribute("aria-label", `Convergence Lab: ${name}`);
    this.#panels?.allow(this.#report !== undefined);
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
    const hasCurves = this.#pictures !== undefined && this.#curves.length > 0;
    this.#fallback.hidden = hasCurves || this.#report !== undefined;
    const { metric, variant } = this.#controls;
    this.#pictures?.show({
      curves: this.#curves,
      surfaces: this.#surfaces,
      opened: this.#opened?.variants ?? [],
      metric,
      variant,
    });
  }

  #fail(error: Error): void {
    const { code } = error as { code?: string };
    if (code === "LAB_CLOSED") return;
    const problems = error instanceof LabError ? error.problems : [];
    this.#controls.say(sentenceOf(error, problems), true);
    if (code === "LAB_STOPPED" || error.name === "Interrupted") return;
    this.#panels?.showProblems(problems);
    this.#host.emit("lab-error", { code, message: error.message, problems });
  }

  /** What the address holds for this lab; opening it trains nothing. */
  async #openShared(): Promise<void> {
    const shared = await labInAddress(this.#host.element);
    if (shared === undefined) return;
    try {
      await this.#wake();
      const { preset, spec } = shared;
      if (preset !== undefined && preset !== this.#preset) {
        await this.#openSpec({ preset });
        this.#preset = preset;
      }
      if (spec === undefined) return;
      const { unfolded } = await import("./share.ts");
      await this.#openSpec({ spec: unfolded(spec, this.#opened?.spec) });
    } catch (error) {
      this.#fail(error as Error);
    }
  }
}

/** The first thing that is wrong, where it is a spec's. */
function sentenceOf({ message }: Error, [first]: readonly Problem[]): string {
  return first === undefined ? message : `${first.path} ${first.message}`;
}

function sheetOf(style: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
}
