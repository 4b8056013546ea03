// What an engine can be asked to measure beside loss and accuracy: one vocabulary for specs, plans,
// kernels, trace files and reports. docs/probes.md defines every signal.

/** One value per dense layer and probed step, on that step's batch. */
export const LAYER_SIGNALS = [
  "gradientNorm",
  "weightNorm",
  "updateNorm",
  "activationMean",
  "activationVariance",
  "saturatedShare",
  "deadShare",
  "zeroGradientShare",
  "largestActivation",
  "largestGradient",
  "largestWeight",
  "distinctUnits",
  "distinctOutputs",
] as const;

/** One value per epoch. */
export const EPOCH_PROBES = [
  "learningRate",
  "regularizationLoss",
  "inferenceLoss",
  "inferenceAccuracy",
  "gradientNormMean",
  "gradientNormVariance",
] as const;

/** A matrix of counts (true class, predicted class) of some epochs: training part, test part. */
export const CONFUSIONS = ["confusion", "valConfusion"] as const;

export const PROBES = [...LAYER_SIGNALS, ...EPOCH_PROBES, ...CONFUSIONS, "firstNonFinite"] as const;

export type LayerSignal = (typeof LAYER_SIGNALS)[number];
export type EpochProbe = (typeof EPOCH_PROBES)[number];
export type ConfusionSignal = (typeof CONFUSIONS)[number];
export type Probe = (typeof PROBES)[number];

/** What a reader asks for; an absent interval is left to `compile`. */
export interface ProbeRequest {
  readonly signals: readonly Probe[];
  /** Layer signals: steps 0, everySteps, 2 everySteps, ... */
  readonly everySteps?: number | undefined;
  /** Confusion counts: epochs everyEpochs, 2 everyEpochs, ..., counted from 1, and the last. */
  readonly everyEpochs?: number | undefined;
}
