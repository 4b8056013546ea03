// Which of the plan's words the SIMD kernels have. A plan with any other word is refused, never
// trained as if the word were not there.

import type { Hyper, Network } from "../../compile/plan.ts";
import { type Activation, DEFAULT_ALPHA } from "../../spec/activations.ts";
import type { Loss } from "../../spec/spec.ts";

/** A network that these kernels do not compute; the reference engine does. */
export class UnsupportedBySimdError extends Error {
  readonly code = "ENGINE_UNSUPPORTED";

  constructor(word: string) {
    super(`the SIMD kernels do not have ${word}; train this network with the reference engine.`);
    this.name = "UnsupportedBySimdError";
  }
}

export type SimdActivation = Exclude<Activation, "prelu" | "geluTanh" | "hardSigmoid" | "mish">;

const ACTIVATIONS_NOT_HERE: readonly Activation[] = ["prelu", "geluTanh", "hardSigmoid", "mish"];

export function hasKernels(activation: Activation): activation is SimdActivation {
  return !ACTIVATIONS_NOT_HERE.includes(activation);
}

/** @throws UnsupportedBySimdError naming the first word that the kernels do not have. */
export function requireSupport(network: Network, hyper: Hyper): void {
  const word = unsupportedWord(network, hyper);
  if (word !== null) throw new UnsupportedBySimdError(word);
}

/** Null when the kernels have every word of a run. */
export function unsupportedWord(network: Network, hyper: Hyper): string | null {
  const { before = [], layers, loss, fromLogits, optimizer } = network;
  const operation = [...before, ...layers.flatMap((layer) => layer.after ?? [])][0];
  if (operation !== undefined) return `the operation ${operation.kind}`;
  const activation = layers.find((layer) => !hasKernels(layer.activation))?.activation;
  if (activation !== undefined) return `the activation ${activation}`;
  const head = layers[layers.length - 1];
  const bent = layers.findIndex((layer, l) => hasOtherAlpha(layer.activation, hyper.alpha?.[l]));
  if (bent >= 0) return `${layers[bent].activation} with alpha ${hyper.alpha?.[bent]}`;
  if (head.activation === "softmax" && head.units === 1) return "a softmax over one unit";
  if (!hasLossKernels(loss)) return `the loss ${loss}`;
  if (fromLogits) return "losses told to take logits";
  if (!OPTIMIZERS.has(optimizer.name)) return `the optimizer ${optimizer.name}`;
  if (optimizer.amsgrad) return "AMSGrad";
  if (optimizer.centered) return "centered RMSprop";
  if (hyper.weightDecay !== 0 && !optimizer.name.startsWith("adam")) {
    return `weight decay with ${optimizer.name}`;
  }
  if (hyper.penalties?.some((of) => Object.values(of).some((weight) => weight !== 0))) {
    return "penalties on biases and activities";
  }
  return SETTINGS.find((setting) => hyper[setting] !== undefined && hyper[setting] !== 0) ?? null;
}

const LOSSES: readonly Loss[] = [
  "binaryCrossentropy",
  "sparseCategoricalCrossentropy",
  "meanSquaredError",
  "hinge",
];

export function hasLossKernels(loss: Loss): boolean {
  return LOSSES.includes(loss);
}

const OPTIMIZERS: ReadonlySet<Network["optimizer"]["name"]> = new Set([
  "sgd",
  "adam",
  "adamw",
  "rmsprop",
  "adagrad",
]);

/** Settings that ask for something whenever they are there and not 0. */
const SETTINGS = [
  "clipValue",
  "clipNorm",
  "globalClipNorm",
  "labelSmoothing",
  "classWeight",
  "learningRates",
  "earlyStopping",
  "reduceOnPlateau",
] as const satisfies readonly (keyof Hyper)[];

/** The kernels know only the default slopes. */
function hasOtherAlpha(activation: Activation, alpha: number | undefined): boolean {
  const usual = DEFAULT_ALPHA[activation];
  return usual !== undefined && alpha !== undefined && alpha !== usual;
}
