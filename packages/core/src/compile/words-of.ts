// What a run asks of an engine, as words: an engine holds the set of those that it computes, and
// nothing that it lacks is passed over in silence.

import { ACTIVATIONS, DEFAULT_ALPHA } from "../spec/activations.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { type Activation, DEFAULT_LEARNING_RATE, LOSSES, type Spec } from "../spec/spec.ts";
import { hyperOf, networkOf } from "./compile.ts";
import type { Hyper, Network, Operation } from "./plan.ts";

/** Every word of a run beyond dense layers, for instance "mish", "dropout", "lion", "clipNorm". */
export function wordsOf(network: Network, hyper: Hyper): string[] {
  const { before = [], layers, loss, fromLogits, optimizer } = network;
  const operations = [...before, ...layers.flatMap((layer) => layer.after ?? [])];
  const words: string[] = [loss, optimizer.name];
  layers.forEach(({ activation }, l) => {
    words.push(activation, ...alphaWord(activation, hyper.alpha?.[l]));
  });
  operations.forEach((operation, position) => {
    words.push(operation.kind);
    if (operation.kind !== "activation") return;
    const alpha = hyper.operations?.[position]?.alpha;
    words.push(operation.activation, ...alphaWord(operation.activation, alpha));
  });
  if (fromLogits) words.push("fromLogits");
  if (network.sampleWeight) words.push("sampleWeight");
  if (optimizer.amsgrad) words.push("amsgrad");
  if (optimizer.centered) words.push("centered");
  // AdamW is named for its decay; every other optimizer only has it when asked for.
  if (hyper.weightDecay !== 0 && optimizer.name !== "adamw") words.push("weightDecay");
  if (hyper.penalties?.some((layer) => layer.biasL1 !== 0 || layer.biasL2 !== 0)) {
    words.push("biasRegularizer");
  }
  if (hyper.penalties?.some((layer) => layer.activityL1 !== 0 || layer.activityL2 !== 0)) {
    words.push("activityRegularizer");
  }
  words.push(...SETTINGS.filter((setting) => hyper[setting] !== undefined && hyper[setting] !== 0));
  return [...new Set(words)];
}

/** The words of all variants of a spec, without its data. */
export function wordsOfSpec(spec: Spec): string[] {
  // Neither the number of inputs nor that of rows or classes is a word.
  const data = { inputs: 1, rows: 1, classes: [] };
  const words = resolveVariants(spec).flatMap((variant) => [
    ...wordsOf(networkOf(variant, data.inputs), hyperOf(variant, data)),
    ...(typeof variant.train.learningRate === "number" ? [] : ["learningRates"]),
  ]);
  return [...new Set(words)];
}

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

const OPERATIONS = {
  activation: true,
  dropout: true,
  alphaDropout: true,
  gaussianNoise: true,
  batchNormalization: true,
  layerNormalization: true,
  add: true,
} satisfies Record<Operation["kind"], true>;

/** Every word that a network of dense layers can ask for: what a complete engine has. */
export const DENSE_WORDS: ReadonlySet<string> = new Set([
  ...ACTIVATIONS,
  ...LOSSES,
  ...Object.keys(DEFAULT_LEARNING_RATE),
  ...Object.keys(OPERATIONS),
  ...SETTINGS,
  "alpha",
  "fromLogits",
  "amsgrad",
  "centered",
  "weightDecay",
  "biasRegularizer",
  "activityRegularizer",
]);

/** A slope or scale that is not the activation's own. */
function alphaWord(activation: Activation, alpha: number | undefined): string[] {
  const usual = DEFAULT_ALPHA[activation];
  return usual === undefined || alpha === undefined || alpha === usual ? [] : ["alpha"];
}
