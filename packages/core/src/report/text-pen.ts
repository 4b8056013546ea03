// What every text for a terminal is written with: its width, its colours, its lists. Nothing is said
// by colour alone.

import { plainText, wrap } from "./plain-text.ts";

export interface TextOptions {
  readonly color?: boolean;
  /** Columns; 80 when absent. */
  readonly width?: number;
  /** ASCII sparklines and signs; the letters of names and claims stay as the spec writes them. */
  readonly ascii?: boolean;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export type Style = keyof typeof STYLES;

export interface Pen {
  paint(style: Style, text: string): string;
  readonly width: number;
  readonly color: boolean;
  readonly isAscii: boolean;
}

/** Below it a table has no room beside its names. */
const MIN_WIDTH = 40;

export function penOf({ color = false, width = 80, ascii = false }: TextOptions): Pen {
  return {
    paint: (style, text) => (color ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text),
    color,
    width: Math.max(MIN_WIDTH, width),
    isAscii: ascii,
  };
}

/** Blocks of lines with an empty line between two; empty blocks are left out. */
export function textOf(blocks: readonly (readonly string[])[], { isAscii }: Pen): string {
  const filled = blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
  const text = `${filled.join("\n\n")}\n`;
  return isAscii
    ? text.replaceAll("\u2212", "-").replaceAll("\u2013", "-").replaceAll("\u2026", ".")
    : text;
}

/** A title and a list below it, or nothing where the list is empty. */
export function notes(title: string, items: readonly string[], pen: Pen): string[] {
  if (items.length === 0) return [];
  return [
    pen.paint("bold", title),
    ...items.flatMap((item) => paragraph(item, pen, "  - ", "    ")),
  ];
}

/** Text from anywhere, broken into lines of the pen's width. */
export function paragraph(text: string, { width }: Pen, first = "", rest = first): string[] {
  return wrap(plainText(text), width - rest.length).map(
    (line, i) => (i === 0 ? first : rest) + line,
  );
}

/** A label in front of a paragraph that stays clear of it. */
export function labelled(
  label: string,
  style: Style,
  lines: readonly string[],
  indent: number,
  { paint }: Pen,
): string[] {
  return lines.map((line, i) =>
    i === 0 ? paint(style, label.padEnd(indent)) + line : " ".repeat(indent) + line,
  );
}

/** A titled list by itself: what a command has to say beside a report. */
export function notesAsText(
  title: string,
  items: readonly string[],
  options: TextOptions = {},
): string {
  const pen = penOf(options);
  return textOf([notes(title, items, pen)], pen);
}
