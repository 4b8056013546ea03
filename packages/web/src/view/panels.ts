// What a reader changes an experiment with, and takes away of it. Loaded when a reader turns to the lab.

import type { Problem } from "../messages.ts";
import { type DataActions, DataPanel } from "./data-panel.ts";
import { KnobsPanel } from "./knobs-panel.ts";
import { SpecPanel } from "./spec-panel.ts";
import { TakeAway, type TakeAwayActions } from "./take-away.ts";

export { compared } from "./knobs.ts";

export interface PanelActions extends DataActions, TakeAwayActions {
  /** Opens a spec that was changed here. */
  edit(spec: unknown): void;
}

/** Where each has its place. */
export type PanelPlaces = Readonly<Record<"knobs" | "data" | "spec" | "takeAway", HTMLElement>>;

export class Panels {
  readonly #knobs: KnobsPanel;
  readonly #spec: SpecPanel;
  readonly #takeAway: TakeAway;

  constructor(places: PanelPlaces, actions: PanelActions) {
    this.#knobs = new KnobsPanel(actions.edit);
    this.#spec = new SpecPanel(actions.edit);
    this.#takeAway = new TakeAway(actions);
    places.knobs.append(this.#knobs.element);
    places.data.append(new DataPanel(actions).element);
    places.spec.append(this.#spec.element);
    places.takeAway.append(this.#takeAway.element);
  }

  show(spec: unknown): void {
    this.#knobs.show(spec);
    this.#spec.show(spec);
  }

  showProblems(problems: readonly Problem[]): void {
    this.#spec.showProblems(problems);
  }

  allow(hasReport: boolean): void {
    this.#takeAway.allow(hasReport);
  }
}
