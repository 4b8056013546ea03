// The two directions in which a population varies, and the pairs of runs along each.

import { isCrossValidated, seedList } from "../compile/population.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import type { Trace, TraceRun } from "../trace/trace.ts";
import type { SeedAxis } from "./claim-report.ts";

/** The runs along one kind of seed. */
export interface Axis {
  readonly over: SeedAxis;
  /** Runs of a variant by the seed that varies. */
  runsOf(variant: string): ReadonlyMap<number, TraceRun>;
}

/** Fewest seeds that make an axis worth looking along. */
const MIN_SEEDS = 2;

/**
 * Training seeds: every run on the data as written. Data seeds: every run with data of its own,
 * and the run on the data as written that has the first training seed; both axes share that run.
 */
export function seedAxes(trace: Trace): readonly [training: Axis, data: Axis] {
  const [firstTrainingSeed] = seedList(trace.spec.seeds.training);
  const { spec } = trace;
  const areFolds = resolveVariants(spec).some((variant) => isCrossValidated(spec, variant));
  const training = trace.runs.filter((run) => run.dataSeed === 0);
  const data = trace.runs.filter(
    (run) => run.dataSeed !== 0 || run.trainingSeed === firstTrainingSeed,
  );
  return [
    axis("training seeds", training, (run) => run.trainingSeed),
    axis(areFolds ? "folds" : "data seeds", data, (run) => run.dataSeed),
  ];
}

/**
 * The axes along which these variants can be judged together: those with at least two seeds in
 * common, or the training seeds when there is no such axis.
 */
export function sharedAxes(axes: readonly [Axis, Axis], variants: readonly string[]): Axis[] {
  const wide = axes.filter((axis) => sharedSeeds(axis, variants).length >= MIN_SEEDS);
  return wide.length > 0 ? wide : [axes[0]];
}

/** Seeds with which every one of the variants was trained. */
export function sharedSeeds(axis: Axis, variants: readonly string[]): number[] {
  const [first, ...rest] = variants.map((variant) => axis.runsOf(variant));
  return [...first.keys()].filter((seed) => rest.every((runs) => runs.has(seed)));
}

function axis(over: SeedAxis, runs: readonly TraceRun[], seedOf: (run: TraceRun) => number): Axis {
  const byVariant = new Map<string, Map<number, TraceRun>>();
  for (const run of runs) {
    const ofVariant = byVariant.get(run.variant) ?? new Map<number, TraceRun>();
    // Of a cross-validation's fold the first training seed counts.
    if (!ofVariant.has(seedOf(run))) ofVariant.set(seedOf(run), run);
    byVariant.set(run.variant, ofVariant);
  }
  return { over, runsOf: (variant) => byVariant.get(variant) ?? new Map() };
}
