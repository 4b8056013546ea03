// A log's curves as a trace, for the checks that need no more than curves. The log does not know the
// network; where nobody else says it, a stand-in takes its place, of which nothing may be said.

import { parseSpec } from "../spec/parse-spec.ts";
import { BASELINE } from "../spec/resolve-variants.ts";
import type { Spec } from "../spec/spec.ts";
import { beginnerNetwork } from "../tables/beginner-spec.ts";
import type { LoggedRun } from "./keras-log.ts";
import type { Chance, Trace, TraceRun } from "./trace.ts";

export interface LogContext {
  /** For messages: the file. */
  readonly name: string;
  /** Rows of each class: what the best constant predictor reaches follows from their shares. */
  readonly classCounts: readonly number[];
}

export function traceOfLog(runs: readonly LoggedRun[], { name, classCounts }: LogContext): Trace {
  const epochs = Math.max(...runs.map(({ planned }) => planned));
  const spec = standIn(classCounts, epochs, runs.length);
  const rows = classCounts.reduce((sum, count) => sum + count, 0);
  return {
    version: 1,
    spec,
    engine: {
      name: "log",
      adapter: name,
      reason: "It was trained elsewhere; this is what was printed there.",
      versions: {},
    },
    variants: [
      {
        name: BASELINE,
        network: "not known",
        parameters: 0,
        epochs,
        trainRows: rows,
        testRows: runs.some(({ curves }) => curves.valLoss !== undefined) ? rows : 0,
        inputs: 1,
        classCounts,
      },
    ],
    planned: runs.length,
    runs: runs.map((run, seed) => tracedRun(run, seed, chanceOf(classCounts))),
  };
}

function tracedRun(
  { curves, stepsPerEpoch = 1 }: LoggedRun,
  seed: number,
  chance: Chance,
): TraceRun {
  const loss = curves.loss ?? [];
  const signals = Object.entries(curves).map(([name, values]) => [name, Float32Array.from(values)]);
  return {
    id: `log-${seed}`,
    variant: BASELINE,
    trainingSeed: seed,
    dataSeed: 0,
    status: loss.every(Number.isFinite) ? "complete" : "diverged",
    steps: stepsPerEpoch * loss.length,
    chance,
    signals: Object.fromEntries(signals),
  };
}

/** Cross-entropy and accuracy of answering every row with the classes' shares. */
function chanceOf(classCounts: readonly number[]): Chance {
  const rows = classCounts.reduce((sum, count) => sum + count, 0);
  const shares = classCounts.filter((count) => count > 0).map((count) => count / rows);
  const loss = -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
  const accuracy = Math.max(...shares);
  return { loss, accuracy, valLoss: loss, valAccuracy: accuracy };
}

function standIn(classCounts: readonly number[], epochs: number, runs: number): Spec {
  const { layers, loss } = beginnerNetwork(classCounts.length);
  return parseSpec({
    name: "keras-log",
    data: { source: { kind: "table", path: "not known" } },
    model: { layers },
    train: { loss, epochs },
    seeds: { training: runs },
  });
}
