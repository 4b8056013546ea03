// The spec as text to edit, with what is wrong with it by path.

import type { Problem } from "../messages.ts";
import { button, field, h } from "./dom.ts";
import { specAsText, specOfText } from "./spec-text.ts";

const ROWS = 16;

export class SpecPanel {
  readonly element: HTMLFieldSetElement;
  readonly #text = h("textarea", { rows: ROWS, spellcheck: "false", class: "code" });
  readonly #problems = h("ul", { class: "problems", hidden: true });
  /** Whether a reader is writing: what opens meanwhile must not undo it. */
  #isWriting = false;
  #spec: unknown;

  /** @param onApply Gets the spec that was written. */
  constructor(onApply: (spec: unknown) => void) {
    this.#problems.id = "problems";
    this.#text.setAttribute("aria-describedby", "problems");
    const apply = button("Use this spec", () => {
      this.#isWriting = false;
      try {
        onApply(specOfText(this.#text.value, this.#spec));
      } catch (error) {
        this.showProblems([{ path: "(spec)", message: `is no JSON: ${(error as Error).message}` }]);
      }
    });
    this.#text.addEventListener("input", () => {
      this.#isWriting = true;
    });
    this.#text.addEventListener("blur", ({ relatedTarget }) => {
      if (relatedTarget !== apply) this.#isWriting = false;
    });
    this.element = h(
      "fieldset",
      { class: "stack", disabled: true },
      field("The experiment as JSON", this.#text),
      this.#problems,
      apply,
    );
  }

  show(spec: unknown): void {
    this.#spec = spec;
    this.element.disabled = false;
    if (!this.#isWriting) this.#text.value = specAsText(spec);
    this.showProblems([]);
  }

  showProblems(problems: readonly Problem[]): void {
    this.#problems.hidden = problems.length === 0;
    this.#text.setAttribute("aria-invalid", String(problems.length > 0));
    this.#problems.replaceChildren(
      ...problems.map(({ path, message }) => h("li", {}, h("code", {}, path), ` ${message}`)),
    );
  }
}
