// HTML as a template in which every value is text unless it is HTML already.

import { escapeMarkup } from "@convergence-lab/core/rendering";

/** Source that may stand in a page as it is. */
export class Html {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

/** Text is escaped, HTML stays, lists are joined, and what is false or undefined is left out. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(sourceOf)));
}

export const NOTHING = new Html("");

function sourceOf(value: HtmlValue): string {
  if (value instanceof Html) return value.source;
  if (value === false || value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escapeMarkup(String(value));
  return value.map(sourceOf).join("");
}
