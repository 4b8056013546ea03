// How far the reading of a table is, on stderr: from the second second on, so that small files are
// read without a word.

import type { ReadProgress } from "@convergence-lab/core";
import { canRedraw, printable, redraw } from "./terminal.ts";

const FIRST_MS = 1000;
const REDRAW_MS = 100;
const PLAIN_LINE_MS = 2000;

export interface ReadingLine {
  readonly progress: (progress: ReadProgress) => void;
  end(): void;
}

/** @param size Of the file in bytes, where it is known. */
export function readingLine(name: string, size: number | undefined): ReadingLine {
  const stream = process.stderr;
  const redraws = canRedraw(stream);
  let nextDraw = performance.now() + FIRST_MS;
  let isDrawn = false;
  return {
    progress(progress) {
      const now = performance.now();
      if (now < nextDraw) return;
      nextDraw = now + (redraws ? REDRAW_MS : PLAIN_LINE_MS);
      const text = printable(readingText(name, size, progress));
      isDrawn = redraws;
      if (redraws) redraw(text.slice(0, (stream.columns ?? 80) - 1));
      else stream.write(`${text}\n`);
    },
    end() {
      if (isDrawn) redraw("");
    },
  };
}

/** "reading data.csv  45%  450,000 rows" */
export function readingText(
  name: string,
  size: number | undefined,
  { bytes, rows }: ReadProgress,
): string {
  const share =
    size === undefined || size === 0
      ? `${Math.round(bytes / 2 ** 20)} MB`
      : `${Math.floor((100 * Math.min(bytes, size)) / size)}%`;
  const read = rows === 0 ? [] : [`${rows.toLocaleString("en")} rows`];
  return [`reading ${name}`, share, ...read].join("  ");
}
