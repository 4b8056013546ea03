// The progress of a sweep as a line on stderr: trials, rate, time left, the best so far, the engine;
// and on a terminal below it how the best so far has learned, and how the best of those in training.

import {
  type ChunkProgress,
  type LeadingTrial,
  paramsText,
  type Sweep,
  type TrialCurve,
  type TrialRecord,
} from "@convergence-lab/core";
import { CURVE_CELLS, curveText } from "../curve-text.ts";
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

/** Of as many chunks that are in training at once. */
const MOST_LEADING = 3;

/** The curve of the best trial that is done, and those of the best in training. */
export function sweepCurveLines(
  { best, metric }: Pick<SweepState, "best" | "metric">,
  bestCurve: TrialCurve | undefined,
  ahead: readonly LeadingTrial[],
): string[] {
  const lines = ahead.map(({ params, epochs, values }) =>
    curveText({ name: "now ", metric, values, epochs, says: paramsText(params) }),
  );
  if (best !== undefined && bestCurve?.index === best.index) {
    const { epochs, medians } = bestCurve;
    const says = paramsText(best.params);
    const values = medians[metric] ?? [];
    lines.unshift(curveText({ name: "best", metric, values, epochs: epochs.at(-1) ?? 0, says }));
  }
  return lines.filter((line) => line !== undefined);
}

export interface SweepProgress {
  /** The engine trains from now on. */
  start(engine: string): void;
  /** @param lane Which of the chunks that are trained at the same time. */
  chunk(lane: number, progress: ChunkProgress, trials: number): void;
  /** @param curves Of the trials, as far as they are known. */
  finished(lane: number, trials: number, curves: readonly TrialCurve[]): void;
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
  const leading: (ChunkProgress["leading"] | undefined)[] = [];
  let bestCurve: TrialCurve | undefined;
  const line: LiveLine = liveLine((seconds) => {
    const known = facts();
    const inChunk = inChunks.reduce((sum, trials) => sum + trials, 0);
    return {
      text: sweepProgressText({ ...known, engine, own, inChunk, seconds }),
      share: (known.done + inChunk) / known.total,
      below() {
        const ahead = leading.flatMap((ask) => ask?.(CURVE_CELLS) ?? []).slice(0, MOST_LEADING);
        return sweepCurveLines(known, bestCurve, ahead);
      },
    };
  });
  return {
    start(trainedBy) {
      engine = trainedBy;
      line.draw();
    },
    chunk(lane, { population, populations, stepsDone, stepsTotal, leading: ask }, trials) {
      leading[lane] = ask;
      const share = stepsTotal === 0 ? 0 : stepsDone / stepsTotal;
      inChunks[lane] = (trials * (population + share)) / populations;
      line.draw();
    },
    finished(lane, trials, curves) {
      const { best } = facts();
      bestCurve = curves.find(({ index }) => index === best?.index) ?? bestCurve;
      leading[lane] = undefined;
      own += trials;
      inChunks[lane] = 0;
      line.draw();
    },
    end: line.end,
  };
}
