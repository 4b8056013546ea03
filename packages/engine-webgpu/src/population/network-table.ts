// The table from which kernels read what differs between the networks of a population: seeds, where
// their data lies, hyper-parameters. One entry per network, laid out as the kernel's `Network`.

import {
  DEFAULT_ALPHA,
  type Hyper,
  type Network,
  type Operation,
  type OperationHyper,
} from "@convergence-lab/core";
import type { KernelShape } from "../kernels/train-population/kernel-shape.ts";
import {
  countClasses,
  LAYER_WORDS,
  type NetworkField,
  networkEntryLayout,
  networkFields,
  OPERATION_WORDS,
  type ProbeField,
} from "../kernels/train-population/network-fields.ts";
import { flatBelow } from "../kernels/train-population/probes/layer-table.wgsl.ts";
import type { ProbeLayout } from "../kernels/train-population/probes/probe-layout.ts";
import type { ProbeRing } from "../kernels/train-population/probes/probe-ring.ts";
import type { PlacedDataset } from "./data-buffer.ts";
import type { PlacedRates } from "./rate-table.ts";

export interface TableEntry {
  readonly trainingSeed: number;
  readonly hyper: Hyper;
  readonly data: PlacedDataset;
  readonly rates: PlacedRates;
}

/** What a kernel that measures reads besides. */
export interface ProbeTable {
  readonly layout: ProbeLayout;
  readonly ring: ProbeRing;
}

export function networkTable(
  { network, features }: Pick<KernelShape, "network" | "features">,
  epochs: number,
  entries: readonly TableEntry[],
  probes: ProbeTable | null = null,
): ArrayBuffer {
  const isProbed = probes !== null;
  const { layers, operations, classWeights, words } = networkEntryLayout(
    network,
    features,
    isProbed,
  );
  const table = new ArrayBuffer(4 * words * entries.length);
  entries.forEach((entry, i) => {
    const { hyper } = entry;
    const integers = new Uint32Array(table, 4 * words * i, words);
    const floats = new Float32Array(table, 4 * words * i, words);
    const values = { ...fields(entry, epochs), ...probeFields(probes?.ring) };
    networkFields(isProbed).forEach(([name, type], at) => {
      (type === "u32" ? integers : floats)[at] = values[name];
    });
    hyper.l1.forEach((l1, l) => {
      const { biasL1 = 0, biasL2 = 0, activityL1 = 0, activityL2 = 0 } = hyper.penalties?.[l] ?? {};
      const alpha = hyper.alpha?.[l] ?? DEFAULT_ALPHA[network.layers[l].activation] ?? 0;
      floats.set(
        [l1, hyper.l2[l], biasL1, biasL2, activityL1, activityL2, alpha],
        layers + LAYER_WORDS * l,
      );
      if (probes === null) return;
      const probed = probes.layout.layers[l];
      const { position } = probed;
      const alphaOfBlock = position === null ? alpha : (hyper.operations?.[position]?.alpha ?? 0);
      floats[layers + LAYER_WORDS * l + FLAT_BELOW] = flatBelow(probed, alphaOfBlock);
    });
    allOperations(network).forEach((operation, position) => {
      const numbers = operationNumbers(operation, hyper.operations?.[position] ?? NO_NUMBERS);
      floats.set(numbers, operations + OPERATION_WORDS * position);
    });
    if (features.classWeight) {
      const { classWeight = [] } = hyper;
      for (let k = 0; k < countClasses(network); k++) {
        floats[classWeights + k] = classWeight[k] ?? Number.NaN;
      }
    }
  });
  return table;
}

/** Place in a layer's entry. */
const FLAT_BELOW = 7;

function probeFields(ring: ProbeRing | undefined): Record<ProbeField, number> {
  const { everySteps = 0, everyEpochs = 0, counts = 0, steps = 0 } = ring ?? {};
  return { everySteps, everyEpochs, ringCounts: counts, ringSteps: steps };
}

/** Differences from 1 are taken in double, as Keras takes them. */
function fields({ trainingSeed, hyper, data, rates }: TableEntry, epochs: number) {
  const { earlyStopping, reduceOnPlateau } = hyper;
  return {
    seed: trainingSeed,
    epochs,
    ...data,
    ...rates,
    momentum: hyper.momentum,
    beta1: hyper.beta1,
    oneMinusBeta1: 1 - hyper.beta1,
    beta2: hyper.beta2,
    oneMinusBeta2: 1 - hyper.beta2,
    rho: hyper.rho,
    oneMinusRho: 1 - hyper.rho,
    epsilon: hyper.epsilon,
    weightDecay: hyper.weightDecay,
    clip: hyper.clipNorm || hyper.globalClipNorm || hyper.clipValue || 0,
    gamma: hyper.gamma ?? 2,
    focalAlpha: hyper.focalAlpha ?? 0.25,
    labelSmoothing: hyper.labelSmoothing ?? 0,
    stoppingMonitor: SIGNALS[earlyStopping?.monitor ?? "loss"],
    stoppingPatience: earlyStopping?.patience ?? 0,
    stoppingMinDelta: earlyStopping?.minDelta ?? 0,
    plateauMonitor: SIGNALS[reduceOnPlateau?.monitor ?? "loss"],
    plateauPatience: reduceOnPlateau?.patience ?? 0,
    plateauCooldown: reduceOnPlateau?.cooldown ?? 0,
    plateauMinDelta: reduceOnPlateau?.minDelta ?? 0,
    plateauFactor: reduceOnPlateau?.factor ?? 1,
    plateauMinLearningRate: reduceOnPlateau?.minLearningRate ?? 0,
  } satisfies Record<NetworkField, number>;
}

/** Places in an entry of the curves. */
const SIGNALS = { loss: 0, accuracy: 1, valLoss: 2, valAccuracy: 3 } as const;

function allOperations({ before = [], layers }: Network): Operation[] {
  return [...before, ...layers.flatMap(({ after = [] }) => after)];
}

const NO_NUMBERS: OperationHyper = { rate: 0, stddev: 0, momentum: 0, epsilon: 0, alpha: 0 };

/** Up to four numbers, in the order in which the operation's phases read them. */
function operationNumbers({ kind }: Operation, numbers: OperationHyper): number[] {
  const { rate, stddev, momentum, epsilon, alpha } = numbers;
  switch (kind) {
    case "activation":
      return [alpha];
    case "dropout":
      return [uniformThreshold(rate), 1 / (1 - rate)];
    case "alphaDropout": {
      const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * DROPPED * DROPPED));
      return [uniformThreshold(rate), scale, -scale * DROPPED * rate, scale * DROPPED * (1 - rate)];
    }
    case "gaussianNoise":
      return [stddev];
    case "batchNormalization":
      return [epsilon, momentum, 1 - momentum];
    case "layerNormalization":
      return [epsilon];
    case "add":
      return [];
  }
}

/** Minus selu's scale times its alpha (Klambauer et al. 2017): what alpha dropout puts in place. */
const DROPPED = -1.7580993408473766;

/** The multiple of 2^-24 that a uniform number is below exactly when it is below the rate. */
function uniformThreshold(rate: number): number {
  return Math.ceil(rate * 2 ** 24) / 2 ** 24;
}
