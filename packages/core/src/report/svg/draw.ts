// Pieces of an SVG string that every plot is made of. Presentation attributes only, no style and no
// script, so that it is drawn under the strictest content-security policy.

import { attributes, escapeMarkup } from "../markup.ts";

/** Line colours in turn; from the fourth line on they repeat with dashes. */
export const INKS = [
  "var(--plot-accent, #1a5fb4)",
  "var(--plot-ink, #24292f)",
  "var(--plot-grey, #6b7480)",
] as const;
export const PAPER = "var(--plot-paper, #ffffff)";
export const FONT_SIZE = 12;
/** Distance of two lines of text. */
export const LINE_HEIGHT = 15;
/** Of what is looked up and not read first: numbers and names of axes. */
export const QUIET = { "fill-opacity": 0.75 } as const;
/** Of text that stays legible where lines pass under it. */
export const HALO = {
  stroke: PAPER,
  "stroke-width": 3,
  "stroke-linejoin": "round",
  "paint-order": "stroke",
} as const;
/** Mean width of a character in units of the font size, on the generous side for common fonts. */
const CHARACTER_WIDTH = 0.58;

export function ink(index: number): string {
  return INKS[index % INKS.length];
}

export function line(ends: Record<"x1" | "x2" | "y1" | "y2", number>, opacity: number): string {
  return `<line${coordinates(ends)} stroke="currentColor" stroke-opacity="${opacity}"/>`;
}

export function text(content: string, { x, y, ...rest }: Record<string, string | number>): string {
  return `<text${coordinates({ x: Number(x), y: Number(y) })}${attributes(rest)}>${escapeMarkup(content)}</text>`;
}

/** A tenth of a pixel is as fine as anyone sees. */
export function coordinates(values: Readonly<Record<string, number>>): string {
  const rounded = Object.entries(values).map(([name, value]) => [name, Number(value.toFixed(1))]);
  return attributes(Object.fromEntries(rounded));
}

/** There is nothing to measure text with here; too wide only wastes a few pixels. */
export function textWidth(content: string): number {
  return [...content].length * CHARACTER_WIDTH * FONT_SIZE;
}

/** At most so many characters, the last one an ellipsis if there were more. */
export function shorten(name: string, most: number): string {
  const characters = [...name];
  return characters.length <= most ? name : `${characters.slice(0, most - 1).join("")}…`;
}

/** The whole picture around its body. */
export function drawing(
  { description, width, height }: { description: string; width: number; height: number },
  body: string,
): string {
  const root = attributes({
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": description,
    "font-size": FONT_SIZE,
    "font-family": "inherit",
    fill: "currentColor",
  });
  return `<svg${root}>${body}</svg>`;
}
