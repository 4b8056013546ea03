// What every proof asks for: many variants of one network, trained over many seeds as a population.
// Datasets are made once however many variants use them.

import { compile, loadDatasets } from "../compile/compile.ts";
import type { WeightsTable } from "../compile/initial-weights.ts";
import type { LastEpochs, Plan } from "../compile/plan.ts";
import { plannedSteps } from "../compile/planned-steps.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Tables } from "../dataset/table.ts";
import type { Engine } from "../engine/engine.ts";
import { type RecordOptions, recordTraining } from "../engine/record-training.ts";
import type { ProbeRequest } from "../spec/probe-names.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { Spec } from "../spec/spec.ts";
import { withProbes } from "../spec/with-probes.ts";
import type { Trace } from "../trace/trace.ts";

export interface Population {
  /** By the names that their runs will have. */
  readonly variants: Readonly<Record<string, SpecPatch>>;
  readonly seeds: readonly number[];
  /** Offsets of the data's seeds, 0 for the data as written. Absent: 0 alone. */
  readonly dataSeeds?: readonly number[];
  readonly probes?: ProbeRequest;
  /** What is read of the networks in inference mode, where it is not all. */
  readonly evaluates?: LastEpochs;
}

/** Nothing but how the runs end. */
export const ENDS: LastEpochs = { training: 1, test: 1 };

/** Training was stopped by its caller; what had finished is lost to the proof. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export interface TrainerOptions extends RecordOptions {
  /** Those that the network starts from. */
  readonly weights?: WeightsTable | undefined;
}

/** What a proof needs of a trainer. */
export interface Trains {
  train(population: Population): Promise<Trace>;
}

export class Trainer implements Trains {
  readonly #base: Spec;
  readonly #engine: Engine;
  readonly #tables: Tables;
  readonly #options: TrainerOptions;
  readonly #datasets = new Map<string, Dataset>();
  /** Optimizer steps of single networks so far. */
  modelSteps = 0;

  /** @param base The network as it stands; its own variants do not count. */
  constructor(base: Spec, engine: Engine, tables: Tables, options: TrainerOptions) {
    this.#base = { ...base, variants: {}, claims: [] };
    this.#engine = engine;
    this.#tables = tables;
    this.#options = options;
  }

  /**
   * @throws Interrupted when the caller's signal stopped it; SpecError when a variant cannot be
   *   computed; what the engine throws when its device fails.
   */
  async train(population: Population): Promise<Trace> {
    const { variants, seeds, dataSeeds = [0], probes, evaluates } = population;
    const named = {
      ...this.#base,
      variants: { ...variants },
      seeds: { training: [...seeds], data: [...dataSeeds] },
    };
    const spec = probes === undefined ? named : withProbes(named, [probes]);
    const datasets = loadDatasets(spec, this.#tables, this.#datasets);
    for (const [key, dataset] of datasets) this.#datasets.set(key, dataset);
    const compiled = compile(spec, datasets, this.#options.weights);
    const plan = evaluates === undefined ? compiled : evaluated(compiled, evaluates);
    const training = { spec, plan, datasets: [...datasets.values()] };
    const trace = await recordTraining(this.#engine, training, this.#options);
    if (trace.runs.length < plan.runs.length) throw new Interrupted();
    this.modelSteps += plan.runs.reduce(
      (sum, run) => sum + plannedSteps(plan, training.datasets, run.index),
      0,
    );
    return trace;
  }
}

function evaluated(plan: Plan, evaluates: LastEpochs): Plan {
  return { ...plan, buckets: plan.buckets.map((bucket) => ({ ...bucket, evaluates })) };
}
