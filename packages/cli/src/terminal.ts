// How this program talks to a terminal: colour or not, width, and text from outside made harmless.

import type { WriteStream } from "node:tty";

type Stream = NodeJS.WriteStream | WriteStream;

let chosenColor: boolean | undefined;

/** What --color or --no-color says; undefined where neither is given. */
export function chooseColor(chosen: boolean | undefined): void {
  chosenColor = chosen;
}

/**
 * --color and --no-color win, then FORCE_COLOR, then NO_COLOR (no-color.org), then TERM=dumb, then
 * whether it is a terminal.
 */
export function usesColor(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (chosenColor !== undefined) return chosenColor;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.NO_COLOR) return false;
  return env.TERM !== "dumb" && stream.isTTY === true;
}

/** Whether one line can be drawn over again: a terminal that moves its cursor, and no CI log. */
export function canRedraw(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && env.TERM !== "dumb" && !env.CI;
}

const SGR = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export function paint(style: keyof typeof SGR, text: string, stream: Stream): string {
  return usesColor(stream) ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text;
}

/** How a report is printed on stdout. */
export function textOptions(): { color: boolean; width?: number } {
  const { columns } = process.stdout;
  return { color: usesColor(process.stdout), ...(columns ? { width: columns } : {}) };
}

/** Control characters as visible escapes, so that text from a file cannot steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text with a full stop at its end, unless it ends a sentence already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A line on stderr that is not data: an error, a hint, where something was written. */
export function note(text: string): void {
  // What is drawn there comes again below the note.
  redraw("");
  process.stderr.write(`${printable(withoutPasswords(text))}\n`);
}

/** Addresses such as redis://user:password@host, wherever they stand, with *** for the password. */
export function withoutPasswords(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\/\/[^\s/:@]*):[^\s/]+@/gi, "$1:***@");
}

let linesDrawn = 0;

/**
 * Puts text in the place of what was drawn on stderr before, where the terminal can do that; an
 * empty text takes it away. No line may be as wide as the terminal.
 */
export function redraw(text: string): void {
  if (!canRedraw(process.stderr) || (text === "" && linesDrawn === 0)) return;
  process.stderr.write(overdrawn(text, linesDrawn));
  linesDrawn = text === "" ? 0 : text.split("\n").length;
}

/** What takes the cursor to the first of so many lines and puts the text in their place. */
export function overdrawn(text: string, lines: number): string {
  const up = lines > 1 ? `\u001b[${lines - 1}A` : "";
  // Every line loses what stood behind its end, and what stood below goes.
  return `${up}\r${text.replaceAll("\n", "\u001b[K\n")}\u001b[J`;
}

/** Writes to stdout and waits until it has been taken. */
export function writeOut(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
  });
}
