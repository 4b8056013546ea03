// What a run asks of an engine, as words: an engine holds the set of those that it computes, and
// nothing that it lacks is passed over in silence.

import {
  ACTIVATIONS,
  type Activation,
  DEFAULT_ALPHA,
  DEFAULT_LEARNING_RATE,
  LOSSES,
} from "../spec/words.ts";
import type { Hyper, Network, Operation, Plan, Transform } from "./plan.ts";

/** Every word of a run beyond dense layers, for instance "mish", "conv2d", "lion", "clipNorm". */
export function wordsOf(network: Network, hyper: Hyper): string[] {
  const { before = [], layers, loss, fromLogits, optimizer } = network;
  const operations = [...before, ...layers.flatMap((layer) => layer.after ?? [])];
  const words: string[] = [...shapeWordsOf(network), loss, optimizer.name];
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

/** The words of layers that compute with the shape of a row; those of `SHAPE_WORDS`. */
export function shapeWordsOf({ before = [], layers }: Network): string[] {
  const operations = [...before, ...layers.flatMap((layer) => layer.after ?? [])];
  return [
    ...layers.flatMap(({ transform }) => transform?.kind ?? []),
    ...operations.flatMap((operation) => ("channels" in operation ? OVER_CHANNELS : [])),
  ];
}

/** The words of all runs of a plan. */
export function wordsOfPlan({ buckets, runs }: Plan): string[] {
  return [...new Set(runs.flatMap(({ bucket, hyper }) => wordsOf(buckets[bucket].network, hyper)))];
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
  "sampleWeight",
  "amsgrad",
  "centered",
  "weightDecay",
  "biasRegularizer",
  "activityRegularizer",
]);

/** Normalization or softmax over the last axis of a shape. */
const OVER_CHANNELS = "overChannels";

const TRANSFORMS = {
  timeDistributedDense: true,
  conv1d: true,
  conv2d: true,
  depthwiseConv2d: true,
  maxPooling1d: true,
  maxPooling2d: true,
  averagePooling1d: true,
  averagePooling2d: true,
  globalMaxPooling1d: true,
  globalMaxPooling2d: true,
  globalAveragePooling1d: true,
  globalAveragePooling2d: true,
  embedding: true,
  simpleRNN: true,
  lstm: true,
  gru: true,
} satisfies Record<Transform["kind"], true>;

/** Every word of layers that compute with the shape of a row; most engines have none of them. */
export const SHAPE_WORDS: ReadonlySet<string> = new Set([
  ...Object.keys(TRANSFORMS),
  OVER_CHANNELS,
]);

/** A slope or scale that is not the activation's own. */
function alphaWord(activation: Activation, alpha: number | undefined): string[] {
  const usual = DEFAULT_ALPHA[activation];
  return usual === undefined || alpha === undefined || alpha === usual ? [] : ["alpha"];
}
