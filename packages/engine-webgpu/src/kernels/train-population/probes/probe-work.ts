// What the probes of a bucket ask of its kernel: which numbers, and what has to be computed for them.

import {
  CONFUSIONS,
  type ConfusionSignal,
  EPOCH_PROBES,
  type EpochProbe,
  LAYER_SIGNALS,
  type LayerSignal,
  type Probe,
} from "@convergence-lab/core";

export interface ProbeWork {
  /** Columns of a layer's entry of a probed step. */
  readonly layerSignals: readonly LayerSignal[];
  /** Whether anything is kept of an epoch beside confusion counts. */
  readonly keepsEpochs: boolean;
  readonly confusions: readonly ConfusionSignal[];
  /** The training part is evaluated in inference mode after every epoch. */
  readonly infers: boolean;
  readonly readsGradientNorm: boolean;
  readonly findsNonFinite: boolean;
  /** Of a probed step: kernels and their gradients, or a part of what follows. */
  readonly readsParameters: boolean;
  readonly readsZeroGradients: boolean;
  readonly readsCopies: boolean;
  readonly readsActivations: boolean;
  readonly readsFlatParts: boolean;
  readonly readsOutputs: boolean;
  readonly readsUpdate: boolean;
}

export function probeWork(probes: readonly Probe[]): ProbeWork {
  const asks = (...names: readonly Probe[]) => names.some((name) => probes.includes(name));
  return {
    layerSignals: LAYER_SIGNALS.filter((signal) => asks(signal)),
    keepsEpochs: asks(...EPOCH_PROBES),
    confusions: CONFUSIONS.filter((signal) => asks(signal)),
    infers: asks("inferenceLoss", "inferenceAccuracy"),
    readsGradientNorm: asks("gradientNormMean", "gradientNormVariance"),
    findsNonFinite: asks("firstNonFinite"),
    readsParameters: asks("gradientNorm", "weightNorm", "largestGradient", "largestWeight"),
    readsZeroGradients: asks("zeroGradientShare"),
    readsCopies: asks("distinctUnits"),
    readsActivations: asks("activationMean", "activationVariance", "largestActivation"),
    readsFlatParts: asks("saturatedShare", "deadShare"),
    readsOutputs: asks("distinctOutputs"),
    readsUpdate: asks("updateNorm"),
  };
}

/** Places of the signals in an epoch's entry, which has room for eight numbers. */
export const EPOCH_PLACES: Readonly<Record<EpochProbe, number>> = {
  learningRate: 0,
  regularizationLoss: 1,
  inferenceLoss: 2,
  inferenceAccuracy: 3,
  gradientNormMean: 4,
  gradientNormVariance: 5,
};

export const EPOCH_WORDS = 8;
