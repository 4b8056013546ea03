// The progress of a training on stderr: one line that is drawn over where the terminal can do that,
// and elsewhere a plain line every 10 seconds.

import type { ProgressEvent } from "@convergence-lab/core";
import { canRedraw, paint, redraw } from "./terminal.ts";

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 10_000;
const BAR_CELLS = 20;

export interface ProgressLine {
  /** All networks that an engine will train; those that are finished already count as done. */
  start(engine: string, runs: number, finished: number): void;
  runFinished(): void;
  steps(progress: ProgressEvent): void;
  /** Takes the line away, or leaves the last plain one. */
  end(): void;
}

export const silent: ProgressLine = {
  start() {},
  runFinished() {},
  steps() {},
  end() {},
};

export function progressLine(name: string): ProgressLine {
  const stream = process.stderr;
  const redraws = canRedraw(stream);
  const started = performance.now();
  let engine = "";
  let total = 0;
  let done = 0;
  let progress: ProgressEvent = { kind: "progress", stepsDone: 0, stepsTotal: 0 };
  let nextDraw = started + (redraws ? 0 : PLAIN_LINE_MS);

  const draw = () => {
    const now = performance.now();
    if (now < nextDraw) return;
    nextDraw = now + (redraws ? REDRAW_MS : PLAIN_LINE_MS);
    const seconds = (now - started) / 1000;
    const text = progressText(name, engine, { done, total, seconds, ...progress });
    if (!redraws) {
      stream.write(`${text}\n`);
      return;
    }
    const line = `${bar(progress)} ${text}`.slice(0, (stream.columns ?? 80) - 1);
    redraw(`${paint("cyan", line.slice(0, BAR_CELLS), stream)}${line.slice(BAR_CELLS)}`);
  };

  return {
    start(trainedBy, runs, finished) {
      engine = trainedBy;
      total = runs;
      done = finished;
      draw();
    },
    runFinished() {
      done++;
      draw();
    },
    steps(event) {
      progress = event;
      draw();
    },
    end() {
      redraw("");
    },
  };
}

interface State extends ProgressEvent {
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
}

/** "article-2  18/117 networks  24%  41,200 steps/s  1:02 left  cpu" */
export function progressText(name: string, engine: string, state: State): string {
  const { done, total, stepsDone, stepsTotal, seconds } = state;
  // How many networks a stage trains shows only as it goes on.
  const parts = total === 0 ? [name] : [name, `${done}/${total} networks`];
  if (stepsTotal > 0) parts.push(`${Math.floor((100 * stepsDone) / stepsTotal)}%`);
  if (stepsDone > 0) {
    const rate = stepsDone / seconds;
    parts.push(`${Math.round(rate).toLocaleString("en")} steps/s`);
    parts.push(`${clock((stepsTotal - stepsDone) / rate)} left`);
  }
  return [...parts, engine].join("  ");
}

function bar({ stepsDone, stepsTotal }: ProgressEvent): string {
  const filled = stepsTotal === 0 ? 0 : Math.round((BAR_CELLS * stepsDone) / stepsTotal);
  return "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
