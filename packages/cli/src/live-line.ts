// A line on stderr that tells how far something is: drawn over where the terminal can do that, with
// lines of more below it, and elsewhere a plain line every 10 seconds.

import { canRedraw, paint, redraw } from "./terminal.ts";

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 10_000;
const BAR_CELLS = 20;

export interface Shown {
  readonly text: string;
  /** Of the whole that is done. */
  readonly share: number;
  /** Lines below it, for those who watch. */
  below?(): readonly string[];
}

export interface LiveLine {
  /** Shows how things stand, unless that was shown a moment ago. */
  draw(): void;
  /** Takes the line away, or leaves the last plain one. */
  end(): void;
}

/** @param show What to tell after so many seconds. */
export function liveLine(show: (seconds: number) => Shown): LiveLine {
  const stream = process.stderr;
  const redraws = canRedraw(stream);
  const started = performance.now();
  let nextDraw = started + (redraws ? 0 : PLAIN_LINE_MS);
  return {
    draw() {
      const now = performance.now();
      if (now < nextDraw) return;
      nextDraw = now + (redraws ? REDRAW_MS : PLAIN_LINE_MS);
      const { text, share, below = () => [] } = show((now - started) / 1000);
      if (!redraws) {
        stream.write(`${text}\n`);
        return;
      }
      const [line, ...more] = [`${bar(share)} ${text}`, ...below()].map((each) =>
        each.slice(0, (stream.columns ?? 80) - 1),
      );
      const first = `${paint("cyan", line.slice(0, BAR_CELLS), stream)}${line.slice(BAR_CELLS)}`;
      redraw([first, ...more].join("\n"));
    },
    end() {
      redraw("");
    },
  };
}

function bar(share: number): string {
  const filled = Math.round(BAR_CELLS * share);
  return "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
}

/** "1:02", or "2:03:04". */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (number: number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
