// The progress of a sweep as a line on stderr: trials, rate, time left, the best so far, the engine.

import {
  type ChunkProgress,
  paramsText,
  type Sweep,
  type TrialRecord,
} from "@convergence-lab/core";
import { clock, type LiveLine, liveLine } from "../live-line.ts";
import { printable } from "../terminal.ts";

export interface SweepState {
  readonly name: string;
  readonly total: number;
  readonly done: number;
  /** Trials that this process has trained; what others trained before says nothing of its rate. */
  readonly own: number;
  /** Trials that the chunks in training are worth so far. */
  readonly inChunk: number;
  readonly seconds: number;
  readonly best: TrialRecord | undefined;
  readonly metric: Sweep["metric"]["name"];
  readonly engine: string;
}

/** "lr  312/1,000 trials  31%  4.2 trials/s  2:44 left  best valLoss 0.41 (lr=0.01)  cpu" */
export function sweepProgressText(state: SweepState): string {
  const { name, total, done, own, inChunk, seconds, best, metric, engine } = state;
  const reached = done + inChunk;
  const parts = [
    name,
    `${done.toLocaleString("en")}/${total.toLocaleString("en")} trials`,
    `${Math.floor((100 * reached) / total)}%`,
  ];
  const rate = (own + inChunk) / seconds;
  if (own + inChunk > 0 && seconds > 0) {
    parts.push(`${Number(rate.toPrecision(2)).toLocaleString("en")} trials/s`);
    parts.push(`${clock((total - reached) / rate)} left`);
  }
  if (best !== undefined && best.value !== null) {
    const value = Number(best.value.toPrecision(3));
    parts.push(`best ${metric} ${value} (${paramsText(best.params)})`);
  }
  return printable([...parts, engine].join("  "));
}

export interface SweepProgress {
  /** The engine trains from now on. */
  start(engine: string): void;
  /** @param lane Which of the chunks that are trained at the same time. */
  chunk(lane: number, progress: ChunkProgress, trials: number): void;
  finished(lane: number, trials: number): void;
  end(): void;
}

export const silentSweep: SweepProgress = {
  start() {},
  chunk() {},
  finished() {},
  end() {},
};

/** @param facts What is known of the sweep at the moment, by whoever counts. */
export function sweepProgress(
  facts: () => Pick<SweepState, "name" | "total" | "done" | "best" | "metric">,
): SweepProgress {
  let engine = "";
  let own = 0;
  const inChunks: number[] = [];
  const line: LiveLine = liveLine((seconds) => {
    const known = facts();
    const inChunk = inChunks.reduce((sum, trials) => sum + trials, 0);
    return {
      text: sweepProgressText({ ...known, engine, own, inChunk, seconds }),
      share: (known.done + inChunk) / known.total,
    };
  });
  return {
    start(trainedBy) {
      engine = trainedBy;
      line.draw();
    },
    chunk(lane, { population, populations, stepsDone, stepsTotal }, trials) {
      const share = stepsTotal === 0 ? 0 : stepsDone / stepsTotal;
      inChunks[lane] = (trials * (population + share)) / populations;
      line.draw();
    },
    finished(lane, trials) {
      own += trials;
      inChunks[lane] = 0;
      line.draw();
    },
    end: line.end,
  };
}
