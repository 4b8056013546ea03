// Measures one run as its bucket's probes say, and keeps what has not been told yet. Whoever trains
// calls it where docs/probes.md says that a signal is measured.

import type { Bucket, ParameterLayout, ParameterTensor, Probes, Run } from "../../compile/plan.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import {
  type ConfusionSignal,
  EPOCH_PROBES,
  type EpochProbe,
  LAYER_SIGNALS,
  type LayerSignal,
} from "../../spec/probe-names.ts";
import type { Confusion, EpochSignal, NonFinite, TraceEvent } from "../../trace/trace-event.ts";
import { ConfusionCounts } from "./confusion-counts.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import {
  deadShare,
  distinctOutputs,
  distinctUnits,
  largestOf,
  norm,
  saturatedShare,
} from "./layer-signals.ts";
import { dense, distance, type Matrix, moments, type Numbers, rootOf, scan } from "./matrix.ts";
import type { ProbedNetwork } from "./probed-network.ts";

/** A network with the state that is not in its tensors. */
export interface NetworkInTraining extends ProbedNetwork {
  readonly steps: number;
  readonly plannedLearningRate: number;
  readonly rateFactor: number;
  /** Of the batch last evaluated. */
  readonly regularizationLoss: number;
}

type LayerValues = Partial<Record<LayerSignal, number>>;

/** Where a dense layer's tensors lie in a flat vector; a pooling layer has none. */
interface LayerTensors {
  readonly kernel: ParameterTensor | undefined;
  readonly bias: ParameterTensor | undefined;
}

/** The probes of a run; null when its bucket asks for none. */
export function runProbes(bucket: Bucket, run: Run, dataset: Dataset): RunProbes | null {
  return bucket.probes === undefined ? null : new RunProbes(bucket, bucket.probes, run, dataset);
}

export class RunProbes {
  /** Columns of the epoch signals that are asked for, filled as epochs end. */
  readonly signals: Partial<Record<EpochSignal, Float32Array>> = {};
  /** Undefined until `finish`, and when nobody asks. */
  firstNonFinite: NonFinite | null | undefined;
  /** Whether the training part is to be evaluated in inference mode after every epoch. */
  readonly readsInference: boolean;

  readonly #bucket: Bucket;
  readonly #probes: Probes;
  readonly #hyper: Run["hyper"];
  readonly #asked: ReadonlySet<string>;
  readonly #layerSignals: readonly LayerSignal[];
  readonly #tensors: readonly LayerTensors[];
  readonly #readsGradientNorm: boolean;
  readonly #classes: number;
  /** Per layer: the values of the probed steps that have not been told. */
  readonly #untold: Partial<Record<LayerSignal, number[]>>[];
  #told = 0;
  #probed = 0;
  /** At a probed step: the parameters before the update, where its norm is asked for. */
  #parametersBefore: Numbers | null = null;
  /** Over the steps of the epoch: number, mean, and sum of squared deviations. */
  #gradientNorms = { count: 0, mean: 0, squares: 0 };
  #learningRate = 0;
  #penalties = { sum: 0, rows: 0 };
  #counting: Partial<Record<ConfusionSignal, ConfusionCounts>> = {};
  /** Of the last finished epoch, where they have not been kept. */
  #lastCounts: readonly Confusion[] = [];
  #untoldCounts: Confusion[] = [];

  constructor(bucket: Bucket, probes: Probes, { hyper }: Run, dataset: Dataset) {
    const { network, epochs } = bucket;
    this.#bucket = bucket;
    this.#probes = probes;
    this.#hyper = hyper;
    this.#asked = new Set(probes.signals);
    this.#layerSignals = LAYER_SIGNALS.filter((signal) => this.#asked.has(signal));
    this.#tensors = network.layers.map((_, l) => ({
      kernel: denseTensor(network.layout, l, "kernel"),
      bias: denseTensor(network.layout, l, "bias"),
    }));
    for (const signal of EPOCH_PROBES) {
      if (this.#asked.has(signal)) this.signals[signal] = new Float32Array(epochs);
    }
    const { gradientNormMean, gradientNormVariance } = this.signals;
    this.#readsGradientNorm = (gradientNormMean ?? gradientNormVariance) !== undefined;
    const { inferenceLoss, inferenceAccuracy } = this.signals;
    this.readsInference = (inferenceLoss ?? inferenceAccuracy) !== undefined;
    this.#classes = Math.max(2, dataset.classes.length, network.layers.at(-1)!.units);
    this.#untold = network.layers.map(() => ({}));
  }

  /** Between backward and the update of a training step, clipping included. */
  beforeUpdate(network: NetworkInTraining, rows: number): void {
    this.#learningRate = network.rateFactor * network.plannedLearningRate;
    this.#penalties.sum += rows * network.regularizationLoss;
    this.#penalties.rows += rows;
    if (this.#readsGradientNorm) this.#takeGradientNorm(rootOf(network.gradientSquares()));
    if (this.#layerSignals.length === 0) return;
    if (network.steps % this.#probes.everySteps !== 0) return;
    this.#probed++;
    const { layers } = this.#bucket.network;
    const parameters = network.viewParameters();
    const gradients = network.viewGradients();
    layers.forEach((_, l) => {
      this.#put(l, this.#parameterSignals(network, l, rows, parameters, gradients));
      this.#put(l, this.#activationSignals(network, l, rows));
    });
    if (this.#asked.has("distinctOutputs")) {
      this.#put(layers.length - 1, { distinctOutputs: distinctOutputs(network.viewOutputs(rows)) });
    }
    if (this.#asked.has("updateNorm")) this.#parametersBefore = parameters.slice();
  }

  /** Right after the update. */
  afterUpdate(network: ProbedNetwork): void {
    const before = this.#parametersBefore;
    if (before === null) return;
    this.#parametersBefore = null;
    const after = network.viewParameters();
    this.#tensors.forEach(({ kernel }, l) => {
      if (kernel === undefined) return;
      const [one, other] = [tensorIn(after, kernel), tensorIn(before, kernel)];
      this.#put(l, { updateNorm: distance(one.values, other.values) });
    });
  }

  /** After a batch of a part has been evaluated. */
  countAnswers(signal: ConfusionSignal, network: ProbedNetwork, rows: number): void {
    if (!this.#asked.has(signal)) return;
    this.#counting[signal] ??= new ConfusionCounts(this.#classes);
    this.#counting[signal].add(network.viewOutputs(rows), network.viewLabels(rows));
  }

  endEpoch(epoch: number, inference: { readonly loss: number; readonly accuracy: number }): void {
    const { count, mean, squares } = this.#gradientNorms;
    const values: Record<EpochProbe, number> = {
      learningRate: this.#learningRate,
      regularizationLoss: this.#penalties.sum / this.#penalties.rows,
      inferenceLoss: inference.loss,
      inferenceAccuracy: inference.accuracy,
      gradientNormMean: mean,
      gradientNormVariance: squares / count,
    };
    for (const signal of EPOCH_PROBES) {
      const column = this.signals[signal];
      if (column !== undefined) column[epoch] = values[signal];
    }
    this.#gradientNorms = { count: 0, mean: 0, squares: 0 };
    this.#penalties = { sum: 0, rows: 0 };
    const counting = Object.entries(this.#counting) as [ConfusionSignal, ConfusionCounts][];
    this.#counting = {};
    this.#lastCounts = counting.map(([signal, { classes, counts }]) => ({
      signal,
      epoch,
      classes,
      counts,
    }));
    if ((epoch + 1) % this.#probes.everyEpochs === 0) this.#keepLastCounts();
  }

  /**
   * @param network As the run left it; null where nobody can tell.
   * @param divergedOn Rows of the batch whose loss was not finite; null when every loss was finite.
   */
  finish(network: NetworkInTraining | null, divergedOn: number | null): void {
    this.#keepLastCounts();
    if (network === null || !this.#asked.has("firstNonFinite")) return;
    const { layout, layers } = this.#bucket.network;
    this.firstNonFinite = firstNonFinite(network, layout, layers.length, network.steps, divergedOn);
  }

  /** What has been measured since the last call. */
  *takeEvents(run: number): Generator<TraceEvent> {
    if (this.#probed > this.#told) {
      const layers = this.#untold.map((columns) =>
        Object.fromEntries(
          Object.entries(columns).map(([signal, values]) => [signal, Float32Array.from(values)]),
        ),
      );
      yield { kind: "probes", run, firstProbe: this.#told, layers };
      this.#told = this.#probed;
      for (const columns of this.#untold) {
        for (const values of Object.values(columns)) values.length = 0;
      }
    }
    for (const confusion of this.#untoldCounts) yield { kind: "confusion", run, confusion };
    this.#untoldCounts = [];
  }

  #parameterSignals(
    network: ProbedNetwork,
    layer: number,
    rows: number,
    parameters: Numbers,
    gradients: Numbers,
  ): LayerValues {
    const asks = (signal: LayerSignal) => this.#asked.has(signal);
    const values: LayerValues = {};
    const tensors = this.#tensors[layer];
    if (tensors.kernel === undefined) return values;
    const kernel = tensorIn(parameters, tensors.kernel);
    const dKernel = tensorIn(gradients, tensors.kernel);
    const bias = tensors.bias && tensorIn(parameters, tensors.bias);
    const dBias = tensors.bias && tensorIn(gradients, tensors.bias);
    const weights = scan(kernel);
    const gradient = scan(dKernel);
    const both = dBias === undefined ? [gradient] : [gradient, scan(dBias)];
    if (asks("gradientNorm")) values.gradientNorm = norm(...both);
    if (asks("largestGradient")) values.largestGradient = largestOf(...both);
    if (asks("weightNorm")) values.weightNorm = norm(weights);
    if (asks("largestWeight")) values.largestWeight = largestOf(weights);
    if (asks("distinctUnits")) values.distinctUnits = distinctUnits(kernel, bias ?? null);
    if (asks("zeroGradientShare")) {
      const isPenalized = this.#hyper.l1[layer] !== 0 || this.#hyper.l2[layer] !== 0;
      values.zeroGradientShare = isPenalized
        ? network.zeroGradientShare(layer, rows)
        : gradient.zeros / dKernel.values.length;
    }
    return values;
  }

  #activationSignals(network: ProbedNetwork, layer: number, rows: number): LayerValues {
    const asks = (signal: LayerSignal) => this.#asked.has(signal);
    const tensors = network.viewActivation(layer, rows);
    const values: LayerValues = {};
    if (asks("activationMean") || asks("activationVariance")) {
      const { mean, variance } = moments(tensors.a);
      if (asks("activationMean")) values.activationMean = mean;
      if (asks("activationVariance")) values.activationVariance = variance;
    }
    if (asks("largestActivation")) values.largestActivation = scan(tensors.a).largest;
    const saturated = asks("saturatedShare") ? saturatedShare(tensors) : undefined;
    const dead = asks("deadShare") ? deadShare(tensors) : undefined;
    if (saturated !== undefined) values.saturatedShare = saturated;
    if (dead !== undefined) values.deadShare = dead;
    return values;
  }

  #put(layer: number, values: LayerValues): void {
    const columns = this.#untold[layer];
    for (const signal of this.#layerSignals) {
      const value = values[signal];
      if (value === undefined) continue;
      columns[signal] ??= [];
      columns[signal].push(value);
    }
  }

  /** Welford's update (Technometrics 4, 1962). */
  #takeGradientNorm(value: number): void {
    const norms = this.#gradientNorms;
    const distance = value - norms.mean;
    norms.count++;
    norms.mean += distance / norms.count;
    norms.squares += distance * (value - norms.mean);
  }

  #keepLastCounts(): void {
    this.#untoldCounts.push(...this.#lastCounts);
    this.#lastCounts = [];
  }
}

function denseTensor(
  { tensors }: ParameterLayout,
  layer: number,
  kind: ParameterTensor["kind"],
): ParameterTensor | undefined {
  return tensors.find(
    (tensor) => tensor.layer === layer && tensor.kind === kind && tensor.operation === undefined,
  );
}

/** A tensor in a flat vector: (rows, units). */
function tensorIn(flat: Numbers, { offset, size, shape }: ParameterTensor): Matrix {
  return dense(flat.subarray(offset, offset + size), shape[shape.length - 1]);
}
