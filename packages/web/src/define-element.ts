// Registers the element, once, where there are elements.

import { ConvergenceLabElement } from "./element.ts";

export const TAG = "convergence-lab";

export function define(tag: string = TAG): void {
  const { customElements } = globalThis as Partial<typeof globalThis>;
  if (customElements === undefined || customElements.get(tag) !== undefined) return;
  customElements.define(tag, ConvergenceLabElement);
}

declare global {
  interface HTMLElementTagNameMap {
    "convergence-lab": ConvergenceLabElement;
  }
}
