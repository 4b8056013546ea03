// Spec and datasets -> Plan: every run of the population, grouped into shape buckets.

import type { Dataset } from "../dataset/dataset.ts";
import { datasetKey, loadDataset } from "../dataset/load-dataset.ts";
import type { Tables } from "../dataset/table.ts";
import { canonicalJson, contentHash } from "../shared/content-hash.ts";
import { printPath, SpecError, type SpecPath, type SpecProblem } from "../spec/errors.ts";
import type { OptimizerSpec, Spec, TrainSpec, Variant } from "../spec/spec.ts";
import { foldBlocks } from "./blocks.ts";
import { startOf, type WeightsTable } from "./initial-weights.ts";
import { labelProblems } from "./label-problems.ts";
import { learningRateTable } from "./learning-rate-at.ts";
import { parameterLayout } from "./parameter-layout.ts";
import type { Bucket, Hyper, Network, OptimizerKind, Plan, Run } from "./plan.ts";
import { plannedSteps } from "./planned-steps.ts";
import { type Member, population } from "./population.ts";
import { bucketProbes } from "./probes.ts";
import { tokenProblems } from "./token-problems.ts";

/** Every dataset that the population uses, each once, by its key. */
export type DatasetTable = ReadonlyMap<string, Dataset>;

/**
 * @param known Datasets that have been made before, by their keys.
 * @throws SpecError with what is wrong with the data of every variant.
 */
export function loadDatasets(
  spec: Spec,
  tables: Tables = new Map(),
  known: DatasetTable = new Map(),
): DatasetTable {
  return loadMembersDatasets(population(spec), tables, known, (name, path) =>
    writtenIn(spec, name, path),
  );
}

/**
 * The datasets of networks that no one spec lists.
 *
 * @param written Where a part of a variant's data is written.
 */
export function loadMembersDatasets(
  members: readonly Member[],
  tables: Tables,
  known: DatasetTable,
  written: (variant: string, path: SpecPath) => SpecPath,
): DatasetTable {
  const table = new Map<string, Dataset>();
  const problems = new Map<string, SpecProblem>();
  const refused = new Set<string>();
  for (const { variant, dataSeed } of members) {
    const key = datasetKey(variant.data, dataSeed);
    if (table.has(key) || refused.has(variant.name)) continue;
    try {
      table.set(key, known.get(key) ?? loadDataset(variant.data, dataSeed, tables));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      refused.add(variant.name);
      for (const problem of error.problems) {
        const path = written(variant.name, problem.path);
        // Variants that share their data share what is wrong with it.
        problems.set(`${printPath(path)} ${problem.message}`, { ...problem, path });
      }
    }
  }
  if (problems.size > 0) throw new SpecError([...problems.values()]);
  return table;
}

/** Where `data.<part>` of a variant is written: in its patch, or in the spec for all of them. */
function writtenIn(spec: Spec, variant: string, path: SpecPath): SpecPath {
  const patch = spec.variants[variant]?.data as Record<string, unknown> | undefined;
  return patch?.[path[1]] === undefined ? path : ["variants", variant, ...path];
}

/**
 * @param weights Those that the spec's networks start from.
 * @throws SpecError when a network cannot be computed on its data, for instance too few units.
 */
export function compile(
  spec: Spec,
  datasets: DatasetTable,
  weights: WeightsTable = new Map(),
): Plan {
  const plan = compileMembers(population(spec), datasets, weights);
  const { probes } = spec;
  return probes === undefined ? plan : probed(plan, [...datasets.values()], probes);
}

/** The plan of networks that no one spec lists. @throws as `compile` does. */
export function compileMembers(
  members: readonly Member[],
  datasets: DatasetTable,
  weights: WeightsTable = new Map(),
): Plan {
  const keys = [...datasets.keys()];
  const buckets = new Map<string, Omit<Bucket, "runs"> & { runs: number[] }>();
  const runs: Run[] = [];
  for (const { variant, trainingSeed, dataSeed } of members) {
    const key = datasetKey(variant.data, dataSeed);
    const dataset = datasets.get(key)!;
    labelProblems(variant, dataset);
    const { epochs, batchSize, shuffle } = variant.train;
    const network = networkOf(variant, dataset.columns.length);
    tokenProblems(network, dataset);
    const shape = { network, epochs, batchSize, shuffle };
    const shapeKey = canonicalJson(shape);
    const bucket = buckets.get(shapeKey) ?? { ...shape, index: buckets.size, runs: [] };
    buckets.set(shapeKey, bucket);
    bucket.runs.push(runs.length);
    const start = startOf(variant.model, network, weights);
    runs.push({
      index: runs.length,
      id: contentHash({ variant, trainingSeed, dataSeed }).slice(0, 16),
      variant: variant.name,
      trainingSeed,
      dataSeed,
      dataset: keys.indexOf(key),
      bucket: bucket.index,
      hyper: {
        ...hyperOf(variant, {
          inputs: dataset.columns.length,
          rows: dataset.train.rows,
          classes: dataset.classes,
          labels: dataset.train.y,
        }),
        ...(start ? { initialWeights: start } : {}),
      },
    });
  }
  const rows = [...datasets.values()].map(({ train }) => train.rows);
  return { buckets: [...buckets.values()], runs, datasets: keys, rows };
}

function probed(
  plan: Plan,
  datasets: readonly Dataset[],
  asked: NonNullable<Spec["probes"]>,
): Plan {
  const buckets = plan.buckets.map((bucket) => {
    const steps = bucket.runs.map((run) => plannedSteps(plan, datasets, run));
    return { ...bucket, probes: bucketProbes(asked, Math.max(...steps), bucket.epochs) };
  });
  return { ...plan, buckets };
}

/** The part of a variant that is compiled into a kernel. */
export function networkOf(
  { model, train, data }: Pick<Variant, "model" | "train"> & Partial<Pick<Variant, "data">>,
  inputs: number,
): Network {
  const { before, layers } = foldBlocks(model, inputs);
  const { loss, optimizer } = train;
  const isWeighted = data !== undefined && isWeightedSource(data.source);
  return {
    inputs,
    before,
    layers,
    loss: loss.name,
    fromLogits: loss.fromLogits,
    applyClassBalancing: loss.applyClassBalancing,
    ...(isWeighted ? { sampleWeight: true } : {}),
    optimizer: optimizerKind(optimizer),
    layout: parameterLayout(layers, before),
  };
}

/** Whether rows carry sample weights. */
export function isWeightedSource(source: Variant["data"]["source"]): boolean {
  return source.kind !== "numpy" && source.sampleWeight !== undefined;
}

function optimizerKind(optimizer: OptimizerSpec): OptimizerKind {
  return {
    name: optimizer.name,
    momentum: "momentum" in optimizer && optimizer.momentum > 0,
    nesterov: "nesterov" in optimizer && optimizer.nesterov,
    amsgrad: "amsgrad" in optimizer && optimizer.amsgrad,
    centered: "centered" in optimizer && optimizer.centered,
  };
}

/** What the numbers of a run depend on beside its variant. */
export interface TrainingData {
  readonly inputs: number;
  /** Rows of the training part: with batch size and epochs the length of a schedule. */
  readonly rows: number;
  /** Class names, in the order of their indices. */
  readonly classes: readonly string[];
  /** Class indices of the rows: what balanced class weights are counted from. */
  readonly labels?: ArrayLike<number> | undefined;
}

/** The numbers of a variant that kernels read from a table. */
export function hyperOf(
  { train, model }: Pick<Variant, "model" | "train">,
  { inputs, rows, classes, labels = [] }: TrainingData,
): Hyper {
  const constants = train.optimizer as Partial<Record<keyof Hyper, number>>;
  const { l1, l2, penalties, alpha, operations } = foldBlocks(model, inputs);
  const steps = train.epochs * Math.ceil(rows / train.batchSize);
  const rates = learningRateTable(train.learningRate, steps);
  const { classWeight } = train;
  return {
    learningRate: typeof train.learningRate === "number" ? train.learningRate : rates[0],
    momentum: constants.momentum ?? 0,
    beta1: constants.beta1 ?? 0,
    beta2: constants.beta2 ?? 0,
    rho: constants.rho ?? 0,
    epsilon: constants.epsilon ?? 0,
    weightDecay: constants.weightDecay ?? 0,
    initialAccumulator: constants.initialAccumulator ?? 0,
    l1,
    l2,
    penalties,
    alpha,
    operations,
    clipValue: constants.clipValue ?? 0,
    clipNorm: constants.clipNorm ?? 0,
    globalClipNorm: constants.globalClipNorm ?? 0,
    gamma: train.loss.gamma,
    focalAlpha: train.loss.alpha,
    labelSmoothing: train.loss.labelSmoothing,
    ...(classWeight ? { classWeight: classWeights(classWeight, classes, labels) } : {}),
    ...(rates.length > 1 ? { learningRates: rates } : {}),
    ...(train.earlyStopping ? { earlyStopping: train.earlyStopping } : {}),
    ...(train.reduceOnPlateau ? { reduceOnPlateau: train.reduceOnPlateau } : {}),
  };
}

/** "balanced" is scikit-learn's compute_class_weight: rows / (classes that have rows x rows). */
function classWeights(
  written: NonNullable<TrainSpec["classWeight"]>,
  classes: readonly string[],
  labels: ArrayLike<number>,
): number[] {
  if (written !== "balanced") return classes.map((name) => written[name] ?? 1);
  const counts = new Float64Array(classes.length);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  const present = counts.filter((count) => count > 0).length;
  return Array.from(counts, (count) => (count === 0 ? 1 : labels.length / (present * count)));
}
