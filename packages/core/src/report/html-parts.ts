// What sections of a page are made of: tables, and plots in two sizes. Text in them is escaped.

import { escapeMarkup } from "./markup.ts";

/** Two drawings of one plot, because text in an SVG shrinks with it: for pages and for phones. */
export const PLOT_SIZES = [
  { name: "wide", width: 480, height: 300 },
  { name: "narrow", width: 340, height: 260 },
] as const;

/** Both drawings; the style shows the one that fits. */
export function twoSizes(draw: (size: (typeof PLOT_SIZES)[number]) => string): string {
  return PLOT_SIZES.map((size) => draw(size).replace("<svg", `<svg class="${size.name}"`)).join("");
}

/** Of rows that `row` made. */
export function table(head: readonly string[], rows: readonly string[]): string {
  return tableOf(head, `<tbody>${rows.join("")}</tbody>`);
}

/** Of whole table bodies. */
export function tableOf(head: readonly string[], bodies: string): string {
  const cells = head.map((title) => `<th scope="col">${escapeMarkup(title)}</th>`).join("");
  return `<div class="scroll" role="region" aria-label="Table" tabindex="0"><table><thead><tr>${cells}</tr></thead>${bodies}</table></div>`;
}

/** Its first cell is a heading. */
export function row([first, ...words]: readonly string[], numbers: readonly string[]): string {
  const cells = [
    `<th scope="row">${escapeMarkup(first)}</th>`,
    ...words.map((word) => `<td>${escapeMarkup(word)}</td>`),
    ...numbers.map((number) => `<td class="number">${escapeMarkup(number)}</td>`),
  ];
  return `<tr>${cells.join("")}</tr>`;
}
