// What was found, as it is found: what, where, and what to try, each change one click away.

import { type Finding, findingPlace, type Intervention } from "@convergence-lab/core";
import { button, h } from "./dom.ts";

/** The graver first; more are in the report. */
const MOST = 6;

export class FindingsList {
  readonly element = h("section", { class: "found", hidden: true });
  readonly #onTry: (intervention: Intervention, finding: Finding) => void;
  #shown = "";

  constructor(onTry: (intervention: Intervention, finding: Finding) => void) {
    this.#onTry = onTry;
  }

  show(findings: readonly Finding[], variants: readonly string[], canTry: boolean): void {
    const text = JSON.stringify([findings, canTry]);
    // What stands already keeps its place, its focus and its open parts.
    if (text === this.#shown) return;
    this.#shown = text;
    this.element.hidden = findings.length === 0;
    const items = findings.slice(0, MOST).map((finding) => this.#item(finding, variants, canTry));
    const more = findings.length - items.length;
    this.element.replaceChildren(
      h("p", { class: "heading" }, "What stands out"),
      h("ul", { class: "findings" }, ...items),
      (more > 0 && h("p", { class: "quiet" }, `And ${more} more in the report.`)) || "",
    );
  }

  #item(finding: Finding, variants: readonly string[], canTry: boolean): HTMLElement {
    const { severity, says, evidence, ruledOut, interventions } = finding;
    const details = [...evidence, ...ruledOut.map((text) => `ruled out: ${text}`)];
    const tries = interventions.map((intervention) => {
      const label = `Try: ${intervention.says}`;
      return button(label, () => this.#onTry(intervention, finding), "small");
    });
    return h(
      "li",
      { class: severity },
      h("p", { class: "where" }, h("strong", {}, severity), ` ${findingPlace(finding, variants)}`),
      h("p", {}, says),
      details.length > 0 &&
        h(
          "details",
          {},
          h("summary", {}, "Evidence"),
          h("ul", {}, ...details.map((line) => h("li", {}, line))),
        ),
      canTry && tries.length > 0 && h("div", { class: "row" }, ...tries),
    );
  }
}
