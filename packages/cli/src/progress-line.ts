// The progress of a training, in networks and steps, as a line on stderr.

import type { LiveCurves, ProgressEvent } from "@convergence-lab/core";
import { CURVE_CELLS, curveText } from "./curve-text.ts";
import { clock, liveLine } from "./live-line.ts";
import { printable } from "./terminal.ts";

export interface ProgressLine {
  /** All networks that an engine will train; those that are finished already count as done. */
  start(engine: string, runs: number, finished: number): void;
  runFinished(): void;
  /** @param live What is drawn below the line. */
  steps(progress: ProgressEvent, live?: LiveCurves): void;
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
  let engine = "";
  let total = 0;
  let done = 0;
  let curves: LiveCurves | undefined;
  let progress: ProgressEvent = { kind: "progress", stepsDone: 0, stepsTotal: 0 };
  const line = liveLine((seconds) => {
    const { stepsDone, stepsTotal } = progress;
    return {
      text: progressText(name, engine, { done, total, seconds, ...progress }),
      share: stepsTotal === 0 ? 0 : stepsDone / stepsTotal,
      below: () => (curves === undefined ? [] : curveLines(curves)),
    };
  });
  return {
    start(trainedBy, runs, finished) {
      engine = trainedBy;
      total = runs;
      done = finished;
      line.draw();
    },
    runFinished() {
      done++;
      line.draw();
    },
    steps(event, live) {
      progress = event;
      curves = live;
      line.draw();
    },
    end: line.end,
  };
}

/** More variants than this leave no room for what was on the screen. */
const MOST_CURVES = 6;
const MOST_NAME = 24;

/** The training loss of each variant so far, the median over its networks. */
export function curveLines(live: LiveCurves): string[] {
  const shown = live.all("loss", CURVE_CELLS).slice(0, MOST_CURVES);
  const names = shown.map(({ variant }) => printable(variant).slice(0, MOST_NAME));
  const width = Math.max(0, ...names.map(({ length }) => length));
  return shown.flatMap(({ values, epochs }, i) => {
    return curveText({ name: names[i].padEnd(width), values, epochs, metric: "loss" }) ?? [];
  });
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
