// The probes of networks that are trained as one. What a signal reads is read back in the steps that
// it is measured in, and computed on the host by core's own formulas, network by network. Not where a
// number arose that is not finite: by the time that is known, its step is gone.

import {
  type Bucket,
  LAYER_SIGNALS,
  type Probe,
  runProbes,
  type TraceEvent,
} from "@convergence-lab/core";
import {
  abs,
  cast,
  div,
  equal,
  keep,
  max,
  maximum,
  mul,
  reshape,
  sqrt,
  square,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import type { Batch } from "./batches.ts";
import type { Evaluation, Population } from "./population.ts";
import { SeenNetwork, type SeenStep } from "./seen-network.ts";
import type { Member } from "./train-population.ts";

/** Null when the bucket asks for nothing that is measured here. */
export function populationProbes(
  bucket: Bucket,
  members: readonly Member[],
  population: Population,
): PopulationProbes | null {
  const signals = bucket.probes?.signals.filter((signal) => signal !== "firstNonFinite") ?? [];
  if (bucket.probes === undefined || signals.length === 0) return null;
  const probes = { ...bucket.probes, signals };
  return new PopulationProbes({ ...bucket, probes }, members, population);
}

type RunProbes = NonNullable<ReturnType<typeof runProbes>>;

/** What outlives the tidy of a step. */
interface KeptStep {
  readonly step: number;
  readonly rates: SeenStep["rates"];
  readonly isProbed: boolean;
  readonly blocks: SeenStep["blocks"];
  readonly tensors: Readonly<Record<string, Tensor>>;
}

export class PopulationProbes {
  /** Whether the training part is evaluated in inference mode after every epoch. */
  readonly readsInference: boolean;

  readonly #bucket: Bucket;
  readonly #population: Population;
  readonly #runs: readonly RunProbes[];
  readonly #asked: ReadonlySet<Probe>;
  readonly #readsLayers: boolean;
  /** Of the training part, alike for all. */
  readonly #rows: number;
  #kept: KeptStep | null = null;

  /** The bucket asks for what is measured here and for nothing else. */
  constructor(bucket: Bucket, members: readonly Member[], population: Population) {
    this.#bucket = bucket;
    this.#population = population;
    this.#runs = members.map(({ run, dataset }) => runProbes(bucket, run, dataset)!);
    this.#asked = new Set(bucket.probes!.signals);
    this.#readsLayers = LAYER_SIGNALS.some((signal) => this.#asked.has(signal));
    this.#rows = members[0].dataset.train.rows;
    this.readsInference = this.#runs[0].readsInference;
  }

  /** Columns of a network's epochs; what has not been measured yet is 0. */
  signals(member: number): RunProbes["signals"] {
    return this.#runs[member].signals;
  }

  /** Takes the population's next step, and keeps what is to be read of it. Call in a tidy. */
  update(evaluation: Evaluation): void {
    const population = this.#population;
    const { steps } = population;
    const isProbed = this.#readsLayers && steps % this.#bucket.probes!.everySteps === 0;
    const rates = this.#runs.map((_, model) => ({
      planned: population.plannedRate(model),
      factor: population.rateFactors[model],
    }));
    const tensors: Record<string, Tensor> = {};
    if (isProbed) tensors.parameters = population.parameters();
    const gradients = evaluation.gradients((place, gradient) => {
      const isKernel = place.kind === "kernel" && place.operation === undefined;
      if (isProbed && isKernel) tensors[`zeros${place.layer}`] = shareOfZeros(gradient);
    });
    tensors.penalties = evaluation.regularizationLoss;
    if (this.#asksAny("gradientNormMean", "gradientNormVariance"))
      tensors.norms = normOf(gradients);
    population.update(evaluation, gradients);
    if (isProbed || this.#asked.has("confusion")) tensors.outputs = evaluation.outputs;
    const blocks = isProbed ? evaluation.blocks() : [];
    if (isProbed) {
      tensors.parametersAfter = population.parameters();
      tensors.gradients = gradients;
      blocks.forEach(({ z, a }, l) => {
        tensors[`z${l}`] = z;
        tensors[`a${l}`] = a;
      });
    }
    for (const name of Object.keys(tensors)) tensors[name] = keep(tensors[name].clone());
    this.#kept = { step: steps, rates, isProbed, blocks, tensors };
  }

  /** Measures the step that was taken last, of the networks that still train. */
  async measure(alive: Tensor, batch: Batch): Promise<void> {
    const kept = this.#kept!;
    this.#kept = null;
    const { step, rates, isProbed, blocks, tensors } = kept;
    const isRead = isProbed || this.#asksAny(...OF_EVERY_STEP);
    const values = await readAll(isRead ? { ...tensors, alive, labels: batch.labels } : {});
    for (const tensor of Object.values(tensors)) tensor.dispose();
    const seen: SeenStep = { step, rates, blocks, values, rows: batch.labels.shape[1]! };
    this.#runs.forEach((run, model) => {
      if (isRead && !values.alive[model]) return;
      const network = new SeenNetwork(seen, model, this.#runs.length);
      run.beforeUpdate(network, seen.rows);
      network.isUpdated = true;
      run.afterUpdate(network);
      run.countAnswers("confusion", network, seen.rows);
    });
  }

  /** Counts the answers to a batch of the test part. */
  async countTest(outputs: Tensor, batch: Batch): Promise<void> {
    const values = await readAll({ outputs, labels: batch.labels });
    const rows = batch.labels.shape[1]!;
    const seen: SeenStep = { step: 0, rates: [], blocks: [], values, rows };
    this.#runs.forEach((run, model) => {
      const network = new SeenNetwork(seen, model, this.#runs.length);
      run.countAnswers("valConfusion", network, rows);
    });
  }

  get countsTest(): boolean {
    return this.#asked.has("valConfusion");
  }

  /**
   * @param alive Which networks have finished the epoch.
   * @param inference Sums over the training part in inference mode: loss times rows, right rows.
   */
  async endEpoch(epoch: number, alive: Tensor, inference: readonly Tensor[]): Promise<void> {
    const [loss, correct] = inference;
    const read = await readAll(loss === undefined ? { alive } : { alive, loss, correct });
    this.#runs.forEach((run, model) => {
      if (!read.alive[model]) return;
      const mean = (sums: Float32Array | undefined) => (sums?.[model] ?? Number.NaN) / this.#rows;
      run.endEpoch(epoch, { loss: mean(read.loss), accuracy: mean(read.correct) });
    });
  }

  /** What has been measured of a network since the last call. */
  takeEvents(member: number, run: number, hasEnded: boolean): readonly TraceEvent[] {
    const probes = this.#runs[member];
    if (hasEnded) probes.finish(null, null);
    return [...probes.takeEvents(run)];
  }

  dispose(): void {
    for (const tensor of Object.values(this.#kept?.tensors ?? {})) tensor.dispose();
  }

  #asksAny(...probes: readonly Probe[]): boolean {
    return probes.some((probe) => this.#asked.has(probe));
  }
}

/** What no step can be left out of. */
const OF_EVERY_STEP = [
  "confusion",
  "regularizationLoss",
  "gradientNormMean",
  "gradientNormVariance",
] as const;

/** (models): of a tensor (models, ...). */
function shareOfZeros(gradient: Tensor): Tensor {
  const flat = reshape(gradient, [gradient.shape[0], -1]);
  return div(sum(cast(equal(flat, 0), "float32"), 1), flat.shape[1]!);
}

/** (models): the L2 norm of each row, taken of numbers divided by the largest. */
function normOf(rows: Tensor): Tensor {
  const largest = max(abs(rows), 1, true);
  const shares = div(rows, maximum(largest, SMALLEST));
  return mul(reshape(largest, [-1]), sqrt(sum(square(shares), 1)));
}

/** The smallest normal float32. */
const SMALLEST = 2 ** -126;

async function readAll(
  tensors: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Float32Array>> {
  const read = Object.entries(tensors).map(
    async ([name, tensor]) => [name, (await tensor.data()) as Float32Array] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
