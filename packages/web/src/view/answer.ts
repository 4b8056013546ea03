// What a training or a diagnosis came to: the verdict above the plots, what it rests on below them, and
// the change that is prescribed, one click away.

import type { Report } from "@convergence-lab/core";
import type { ShownReport } from "../messages.ts";
import { button, fragmentOf, h } from "./dom.ts";

type Prescription = NonNullable<NonNullable<Report["diagnosis"]>["prescription"]>;

export interface AnswerActions {
  /** Trains the prescribed change beside the unchanged network. */
  watch(prescription: Prescription): void;
  takeOver(prescription: Prescription): void;
}

export class Answer {
  readonly verdict = h("div", { part: "verdict", class: "verdicts", hidden: true });
  readonly prescribed = h("div", { class: "row", hidden: true });
  readonly evidence = h("div", { part: "evidence", class: "verdicts", hidden: true });
  readonly #actions: AnswerActions;

  constructor(actions: AnswerActions) {
    this.#actions = actions;
  }

  clear(): void {
    for (const element of [this.verdict, this.prescribed, this.evidence]) element.hidden = true;
  }

  /** @param canChange Whether the prescribed change may be taken over. */
  show({ diagnosis }: Report, { answer, evidence }: ShownReport, canChange: boolean): void {
    this.verdict.hidden = answer === "";
    this.verdict.replaceChildren(fragmentOf(answer));
    this.evidence.hidden = evidence === "";
    this.evidence.replaceChildren(fragmentOf(evidence));
    const prescription = diagnosis?.prescription ?? null;
    this.prescribed.hidden = prescription === null || !canChange;
    if (prescription === null) return;
    const { watch, takeOver } = this.#actions;
    this.prescribed.replaceChildren(
      button("Watch it train with the change", () => watch(prescription), "primary"),
      button("Take over the corrected spec", () => takeOver(prescription)),
    );
  }
}
