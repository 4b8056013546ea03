// A plan is a population: every run (variant x seeds) that the engine trains, grouped into buckets
// of one shape so that one pipeline serves each bucket. It holds no data and no device object, and
// can be saved.

import type { Probe } from "../spec/probe-names.ts";
import type { Activation, Initializer, Loss, Metric, OptimizerSpec } from "../spec/spec.ts";

export interface Plan {
  /** Shape buckets, largest work first. */
  readonly buckets: readonly Bucket[];
  readonly runs: readonly Run[];
  /** Key of each dataset that a run refers to by index. */
  readonly datasets: readonly string[];
  /** Rows of each dataset's training part, by which an engine knows how long a training is. */
  readonly rows: readonly number[];
  /** Whether the weights that each network ends with are told, by engines that can. Absent: no. */
  readonly tellsWeights?: boolean;
}

/** One network to train. */
export interface Run {
  /** Position in `plan.runs`; trace events name runs by it. */
  readonly index: number;
  /** Content hash of (variant and its name, seeds): the same run has the same id in every plan. */
  readonly id: string;
  readonly variant: string;
  /** Initial weights and batch order. */
  readonly trainingSeed: number;
  /** Offset of the generator's and the split's seed; 0 is the data as written. */
  readonly dataSeed: number;
  /** Index into `plan.datasets`. */
  readonly dataset: number;
  /** Index into `plan.buckets`. */
  readonly bucket: number;
  readonly hyper: Hyper;
}

/** Numbers that differ between networks of one bucket; kernels read them from a table. */
export interface Hyper {
  readonly learningRate: number;
  /** Optimizer constants; those that the optimizer does not have are 0. */
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly rho: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly initialAccumulator: number;
  /** One per layer: penalties on the kernel. */
  readonly l1: readonly number[];
  readonly l2: readonly number[];
  /** One per layer: penalties on the bias and on the block's output. Absent: none. */
  readonly penalties?: readonly LayerPenalties[];
  /** One per layer: slope or scale of leakyReLU, elu, prelu's start. Absent: the activation's default. */
  readonly alpha?: readonly number[];
  /** One per operation of the network, in the order of their positions. */
  readonly operations?: readonly OperationHyper[];
  /** In the order of `network.layout`; NaN where a weight is drawn. Absent: all are. */
  readonly initialWeights?: Float32Array;
  /** Gradient clipping; 0 is none. */
  readonly clipValue?: number;
  readonly clipNorm?: number;
  readonly globalClipNorm?: number;
  /** Of the focal losses. */
  readonly gamma?: number;
  readonly focalAlpha?: number;
  readonly labelSmoothing?: number;
  /** One per class; absent: all 1. */
  readonly classWeight?: readonly number[];
  /** Rates of steps 0, 1, ...; absent: `learningRate` throughout. */
  readonly learningRates?: Float32Array;
  readonly earlyStopping?: EarlyStopping;
  readonly reduceOnPlateau?: ReduceOnPlateau;
}

export interface LayerPenalties {
  readonly biasL1: number;
  readonly biasL2: number;
  readonly activityL1: number;
  readonly activityL2: number;
}

/** Numbers of one operation; those that it does not have are 0. */
export interface OperationHyper {
  readonly rate: number;
  readonly stddev: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly alpha: number;
}

export interface EarlyStopping {
  readonly monitor: Metric;
  readonly patience: number;
  readonly minDelta: number;
  readonly restoreBest: boolean;
}

export interface ReduceOnPlateau {
  readonly monitor: Metric;
  readonly factor: number;
  readonly patience: number;
  readonly minDelta: number;
  readonly cooldown: number;
  readonly minLearningRate: number;
}

/** Networks that share a kernel: same shape, loss, kind of optimizer and batch size. */
export interface Bucket {
  readonly index: number;
  readonly network: Network;
  readonly batchSize: number;
  readonly epochs: number;
  readonly shuffle: boolean;
  /** Indices into `plan.runs`. */
  readonly runs: readonly number[];
  /** Absent: nothing is measured beside loss and accuracy, and nothing is paid. */
  readonly probes?: Probes;
  /** Absent: what networks do in inference mode is read of every epoch. */
  readonly evaluates?: LastEpochs;
}

/**
 * Of how many of a run's last epochs it is read what the network does in inference mode with each part;
 * an engine may leave out the others, whose values are NaN. Absent: of all.
 */
export interface LastEpochs {
  readonly training?: number;
  readonly test?: number;
}

/** What is measured of every run of a bucket. An engine that lacks a signal leaves it out. */
export interface Probes {
  readonly signals: readonly Probe[];
  /** Layer signals are measured at the optimizer steps 0, everySteps, 2 everySteps, ... */
  readonly everySteps: number;
  /**
   * Confusion counts are kept of the epochs everyEpochs, 2 everyEpochs, ..., counted from 1, and of
   * the last epoch that a run finishes.
   */
  readonly everyEpochs: number;
}

/** Everything about a network that is compiled into a kernel. */
export interface Network {
  readonly inputs: number;
  /** Operations on the inputs, before the first dense layer. */
  readonly before?: readonly Operation[];
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  /** The head's output is read as logits whatever its activation. */
  readonly fromLogits?: boolean;
  /** Binary focal loss: whether alpha weighs the classes. */
  readonly applyClassBalancing?: boolean;
  /** Rows have weights of their own in the loss: `Part.sampleWeight`. Absent: none has. */
  readonly sampleWeight?: boolean;
  readonly optimizer: OptimizerKind;
  readonly layout: ParameterLayout;
}

export interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  /** How values that have a shape become pre-activations. Absent: the layer is dense. */
  readonly transform?: Transform;
  /** Operations on the activated output, in order; see docs/training-semantics.md. */
  readonly after?: readonly Operation[];
}

/**
 * What a layer does that computes with the shape of a sample, (steps, channels) or (height, width,
 * channels); row-major, so that `inputs` and `units` are the sizes of the two shapes.
 */
export type Transform = {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
} & (
  | (WindowOptions & { readonly kind: "conv1d" | "conv2d"; readonly filters: number })
  | (WindowOptions & { readonly kind: "depthwiseConv2d"; readonly depthMultiplier: number })
  | (PoolOptions & {
      readonly kind: "maxPooling1d" | "maxPooling2d" | "averagePooling1d" | "averagePooling2d";
    })
  | {
      readonly kind:
        | "globalMaxPooling1d"
        | "globalMaxPooling2d"
        | "globalAveragePooling1d"
        | "globalAveragePooling2d";
    }
  /** Of tokens: each input is a whole number below `inputDim`. */
  | { readonly kind: "embedding"; readonly inputDim: number }
  | {
      readonly kind: "simpleRNN" | "lstm" | "gru";
      readonly units: number;
      readonly returnSequences: boolean;
      readonly recurrentInitializer: Initializer;
      /** Whether the bias of an LSTM's forget gate starts at 1. */
      readonly unitForgetBias: boolean;
    }
  /** A dense layer on every place of a shape. */
  | { readonly kind: "timeDistributedDense" }
);

/** Sizes of one number per axis: steps, or height and width. */
export interface WindowOptions {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: "valid" | "same";
}

export interface PoolOptions {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "valid" | "same";
}

/** What happens to (batch, units) values between two layers. */
export type Operation =
  | ({ readonly kind: "activation"; readonly activation: Activation } & OverChannels)
  | { readonly kind: "dropout" | "alphaDropout" | "gaussianNoise" }
  | ({ readonly kind: "batchNormalization" | "layerNormalization" } & Normalization)
  /** Adds the output of the block `from` (0 is the first) of the same width. */
  | { readonly kind: "add"; readonly from: number };

interface Normalization extends OverChannels {
  readonly center: boolean;
  readonly scale: boolean;
}

/** The last axis of values that have a shape: what normalizations and softmax go over. */
interface OverChannels {
  /** Its length; absent: all of the values are that axis. */
  readonly channels?: number;
}

export interface OptimizerKind {
  readonly name: OptimizerSpec["name"];
  /** SGD and RMSprop: whether a velocity is kept. */
  readonly momentum: boolean;
  readonly nesterov: boolean;
  /** Adam. */
  readonly amsgrad?: boolean;
  /** RMSprop. */
  readonly centered?: boolean;
}

/**
 * Where each tensor lies in a network's flat parameter vector; no padding. First all trainable
 * tensors, block after block: kernel (inputs, units) row-major, a recurrent layer's kernel
 * of its state, bias (units), prelu's alpha (units), then gamma and beta of the operations that have them. Then the moving mean and variance
 * of each batch normalization. Engines may store it otherwise inside.
 */
export interface ParameterLayout {
  readonly tensors: readonly ParameterTensor[];
  /** Number of trainable parameters: where the moving statistics start. */
  readonly trainable: number;
  /** Number of all parameters. */
  readonly size: number;
}

export interface ParameterTensor {
  readonly layer: number;
  readonly kind:
    | "kernel"
    | "recurrentKernel"
    | "bias"
    | "alpha"
    | "gamma"
    | "beta"
    | "movingMean"
    | "movingVariance";
  /** Moving statistics are not: the optimizer leaves them alone. */
  readonly trainable: boolean;
  /** Of the tensors of an operation: its position in the network. */
  readonly operation?: number;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}
