// Numbers as a table.

import { h } from "./dom.ts";

/** Its first cells are headings. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]) {
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...head.map((title) => h("th", { scope: "col" }, title)))),
    h(
      "tbody",
      {},
      ...rows.map(([first, ...cells]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, first),
          ...cells.map((cell) => h("td", { class: "number" }, cell)),
        ),
      ),
    ),
  );
}
