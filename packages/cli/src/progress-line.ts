// The progress of a training, in networks and steps, as a line on stderr.

import type { ProgressEvent } from "@convergence-lab/core";
import { clock, liveLine } from "./live-line.ts";

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
  let engine = "";
  let total = 0;
  let done = 0;
  let progress: ProgressEvent = { kind: "progress", stepsDone: 0, stepsTotal: 0 };
  const line = liveLine((seconds) => {
    const { stepsDone, stepsTotal } = progress;
    return {
      text: progressText(name, engine, { done, total, seconds, ...progress }),
      share: stepsTotal === 0 ? 0 : stepsDone / stepsTotal,
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
    steps(event) {
      progress = event;
      line.draw();
    },
    end: line.end,
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
