// <convergence-lab>: the class, not registered, and nothing of the lab itself, which is loaded when the
// element comes into view. It imports anywhere, a server among it, and touches no platform there.

import type { EngineInfo, Finding, Report } from "@convergence-lab/core";
import type { EngineChoice } from "./messages.ts";
import type { LabSource, LabView } from "./view/view.ts";

/** What each event carries in `detail`; all bubble, and cross shadow roots. */
export interface LabEvents {
  "lab-progress": { readonly stepsDone: number; readonly stepsTotal: number };
  "lab-finding": { readonly finding: Finding };
  "lab-finish": { readonly report: Report; readonly kind: "training" | "diagnosis" };
  "lab-error": {
    readonly code: string | undefined;
    readonly message: string;
    readonly problems: readonly { readonly path: string; readonly message: string }[];
  };
}

const ENGINES: readonly EngineChoice[] = ["auto", "webgpu", "tfjs", "cpu"];

/** How far outside the window an element is when it starts to load. */
const NEAR = "200px";

// A server has no elements; there the class is only a name.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * A live experiment: why does this network not converge, and what fixes it?
 *
 * @element convergence-lab
 * @attr {string} spec - The experiment as JSON.
 * @attr {string} src - Address of a spec in JSON.
 * @attr {string} preset - `article-1`, `article-2`, `article-3`, or the name of a cause.
 * @attr {string} height - Room that is kept before it has loaded: pixels, or a CSS length.
 * @attr {boolean} autoplay - Train as soon as it is seen, unless the reader prefers reduced motion.
 * @attr {boolean} readonly - Nothing to edit: train and diagnose only.
 * @attr {"auto" | "webgpu" | "tfjs" | "cpu"} engine - What trains; `auto` says why.
 * @fires lab-progress - While it trains or diagnoses.
 * @fires lab-finding - Once for everything that is found.
 * @fires lab-finish - With the report, after a training and after a diagnosis.
 * @fires lab-error - With a code, and every problem of a spec by its path.
 * @slot - What is shown before anything is trained, without scripts and to search engines.
 * @slot title - In place of the spec's title.
 * @slot note - Below everything.
 * @csspart lab - Everything.
 * @csspart title - The title.
 * @csspart button - Every button.
 * @csspart plots - All plots.
 * @csspart figure - A plot with its table.
 * @csspart verdict - What was found, above the plots.
 * @csspart evidence - What a diagnosis rests on, below the plots.
 * @csspart status - The line that says what happens.
 * @csspart engine - The line that says what trains, and why that.
 * @cssprop --lab-bg - Background.
 * @cssprop --lab-fg - Text.
 * @cssprop --lab-accent - The one colour that stands out.
 * @cssprop --lab-series-1 - First line of a plot; 2 to 8 follow.
 * @cssprop --lab-font - Font family.
 */
export class ConvergenceLabElement extends Base {
  static readonly observedAttributes = ["spec", "src", "preset", "height", "readonly", "engine"];

  #view: LabView | undefined;
  #loading: Promise<LabView> | undefined;
  #observer: IntersectionObserver | undefined;
  /** Undefined until the page has said whether it is near the window. */
  #isSeen: boolean | undefined;
  #given: unknown;
  #size: CSSStyleSheet | undefined;
  readonly #onVisibility = () => this.#pauseOrGoOn();

  /** The experiment as an object; the attribute where only that was set. */
  get spec(): unknown {
    return this.#given ?? this.#view?.spec ?? undefined;
  }

  set spec(spec: unknown) {
    this.#given = spec ?? undefined;
    this.#reopen();
  }

  get src(): string | null {
    return this.getAttribute("src");
  }

  set src(src: string | null) {
    this.#set("src", src);
  }

  get preset(): string | null {
    return this.getAttribute("preset");
  }

  set preset(preset: string | null) {
    this.#set("preset", preset);
  }

  get engine(): EngineChoice {
    const engine = this.getAttribute("engine") as EngineChoice;
    return ENGINES.includes(engine) ? engine : "auto";
  }

  set engine(engine: EngineChoice | null) {
    this.#set("engine", engine);
  }

  get readOnly(): boolean {
    return this.hasAttribute("readonly");
  }

  set readOnly(isReadonly: boolean) {
    this.toggleAttribute("readonly", isReadonly);
  }

  get autoplay(): boolean {
    return this.hasAttribute("autoplay");
  }

  set autoplay(doesAutoplay: boolean) {
    this.toggleAttribute("autoplay", doesAutoplay);
  }

  /** Of the last training or diagnosis. */
  get report(): Report | undefined {
    return this.#view?.report;
  }

  /** What trained last, and why that. */
  get engineInfo(): EngineInfo | undefined {
    return this.#view?.engineInfo;
  }

  /** Trains every variant over all seeds; undefined when it was stopped or failed. */
  async train(): Promise<Report | undefined> {
    return (await this.#load()).train();
  }

  /** Finds what fixes it: every change that is tried is trained against the unchanged network. */
  async diagnose(): Promise<Report | undefined> {
    return (await this.#load()).diagnose();
  }

  stop(): void {
    this.#view?.stop();
  }

  connectedCallback(): void {
    if (this.shadowRoot === null) this.#build();
    this.#adoptEarlySpec();
    // A page that was busy is told of several crossings at once, of which the last is how it stands.
    this.#observer = new IntersectionObserver(
      (entries) => this.#see(entries.at(-1)!.isIntersecting),
      { rootMargin: NEAR },
    );
    this.#observer.observe(this);
    document.addEventListener("visibilitychange", this.#onVisibility);
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect();
    document.removeEventListener("visibilitychange", this.#onVisibility);
    // Who moves an element takes it out for a moment.
    queueMicrotask(() => {
      if (!this.isConnected) this.#free();
    });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value || this.shadowRoot === null) return;
    if (name === "height") this.#keepRoom();
    else if (name === "readonly" || name === "engine") this.#view?.update();
    else {
      if (name === "spec") this.#given = undefined;
      this.#reopen();
    }
  }

  #build(): void {
    const root = this.attachShadow({ mode: "open" });
    this.#size = new CSSStyleSheet();
    root.adoptedStyleSheets = [this.#size];
    root.append(document.createElement("slot"));
    this.#keepRoom();
  }

  /** A page may have set the property before the element was defined. */
  #adoptEarlySpec(): void {
    const early = Object.getOwnPropertyDescriptor(this, "spec")?.value;
    if (early === undefined) return;
    Reflect.deleteProperty(this, "spec");
    this.spec = early;
  }

  #keepRoom(): void {
    const height = this.getAttribute("height")?.trim() ?? "";
    const length = /^\d+(\.\d+)?$/.test(height) ? `${height}px` : height;
    const isLength = length !== "" && CSS.supports("min-height", length);
    this.#size!.replaceSync(
      `:host { display: block; ${isLength ? `min-height: ${length};` : ""} } :host([hidden]) { display: none; }`,
    );
  }

  #see(isSeen: boolean): void {
    this.#isSeen = isSeen;
    if (isSeen && this.#loading === undefined) {
      this.#load().then((view) => {
        const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        if (this.autoplay && !isCalm) view.train();
      }, this.#tellError);
    }
    this.#pauseOrGoOn();
  }

  #pauseOrGoOn(): void {
    if (this.#isSeen === false || document.visibilityState !== "visible") this.#view?.pause();
    else this.#view?.resume();
  }

  #load(): Promise<LabView> {
    if (this.#loading !== undefined) return this.#loading;
    const loading = import("./view/view.ts").then(async ({ mountView }) => {
      if (this.#loading !== loading) throw new DOMException("It has left the page.", "AbortError");
      const view = mountView({
        element: this,
        root: this.shadowRoot!,
        emit: (type, detail) => this.#emit(type, detail),
      });
      this.#view = view;
      this.#pauseOrGoOn();
      await view.open(this.#source());
      return view;
    });
    this.#loading = loading;
    // What failed to load may load the next time it is asked for.
    loading.catch(() => {
      if (this.#loading === loading) this.#loading = undefined;
    });
    return loading;
  }

  #free(): void {
    this.#view?.destroy();
    this.#view = undefined;
    this.#loading = undefined;
    this.#isSeen = undefined;
    this.shadowRoot?.replaceChildren(document.createElement("slot"));
    if (this.shadowRoot !== null) this.shadowRoot.adoptedStyleSheets = [this.#size!];
  }

  #reopen(): void {
    this.#view?.open(this.#source());
  }

  #source(): LabSource {
    if (this.#given !== undefined) return { kind: "spec", spec: this.#given };
    const text = this.getAttribute("spec");
    if (text !== null) return { kind: "text", text };
    const { src, preset } = this;
    if (src !== null) return { kind: "src", src };
    return preset === null ? { kind: "none" } : { kind: "preset", preset };
  }

  #set(name: string, value: string | null): void {
    if (value === null) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  readonly #tellError = (error: Error): void => {
    if (error.name === "AbortError") return;
    // A chunk that could not be fetched: what is shown without scripts stays.
    this.#emit("lab-error", { code: "LAB_NOT_LOADED", message: error.message, problems: [] });
  };

  #emit<Type extends keyof LabEvents>(type: Type, detail: LabEvents[Type]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
