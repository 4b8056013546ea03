// What a patch does, in the words in which benchmark files list single changes: "lr x10", "hidden
// relu + he init". A patch may be several of them, and is none where it does something else.

import { headOf } from "../spec/head.ts";
import { isScaling } from "../spec/preprocess-steps.ts";
import type { DenseLayerSpec, Variant } from "../spec/spec.ts";

/** Of the patched variant against the one it was made for. */
export function changeWords(before: Variant, after: Variant): string[] {
  const tests: readonly [string, boolean][] = [
    ["standardise inputs", isNew(scales, before, after)],
    ["lr x10", sameOptimizer(before, after) && isNear(rateRatio(before, after), 10)],
    ["lr /10", sameOptimizer(before, after) && isNear(rateRatio(before, after), 0.1)],
    ["adam 0.01", adamAt(0.01, after) && rateOrOptimizer(before, after)],
    ["adam 0.001", adamAt(0.001, after) && rateOrOptimizer(before, after)],
    ["hidden relu + he init", isNew(allHidden("relu", /^he/), before, after)],
    ["hidden tanh + glorot init", isNew(allHidden("tanh", /^glorot/), before, after)],
    ["epochs x5", isNear(after.train.epochs / before.train.epochs, 5)],
    ["epochs /10", isNear(after.train.epochs / before.train.epochs, 0.1)],
    ["batch 32", before.train.batchSize !== 32 && after.train.batchSize === 32],
    ["l2 0.01", isNew(isPenalized, before, after)],
    ["one hidden layer of 32 relu", isNew(isOneSmallLayer, before, after)],
    ["matching output activation and loss", isNew(headMatches, before, after)],
  ];
  return tests.filter(([, holds]) => holds).map(([word]) => word);
}

type Test = (variant: Variant) => boolean;

function isNew(test: Test, before: Variant, after: Variant): boolean {
  return test(after) && !test(before);
}

/** Within a factor of 10 / 3: a rate three times as high is a higher rate, one twice as high is none. */
function isNear(ratio: number, factor: number): boolean {
  return Math.abs(Math.log10(ratio / factor)) <= MOST_OFF;
}

/** Rounded up, so that 0.03 is near 0.1 and 0.01. */
const MOST_OFF = 0.53;

const scales: Test = ({ data }) => data.preprocess.some(isScaling);

function rateOf({ train: { learningRate } }: Variant): number {
  if (typeof learningRate === "number") return learningRate;
  return "initial" in learningRate ? learningRate.initial : Number.NaN;
}

function rateRatio(before: Variant, after: Variant): number {
  return rateOf(after) / rateOf(before);
}

function sameOptimizer(before: Variant, after: Variant): boolean {
  return before.train.optimizer.name === after.train.optimizer.name;
}

function rateOrOptimizer(before: Variant, after: Variant): boolean {
  return !sameOptimizer(before, after) || !isNear(rateRatio(before, after), 1);
}

function adamAt(rate: number, variant: Variant): boolean {
  return variant.train.optimizer.name === "adam" && isNear(rateOf(variant) / rate, 1);
}

function hiddenLayers({ model }: Variant): DenseLayerSpec[] {
  const { index } = headOf(model);
  return model.layers.filter((layer, i) => layer.type === "dense" && i < index) as DenseLayerSpec[];
}

function allHidden(activation: string, initializer: RegExp): Test {
  return (variant) => {
    const layers = hiddenLayers(variant);
    return (
      layers.length > 0 &&
      layers.every(
        (layer) =>
          layer.activation.name === activation && initializer.test(layer.kernelInitializer.name),
      )
    );
  };
}

const isPenalized: Test = (variant) => {
  const layers = [...hiddenLayers(variant), headOf(variant.model).layer];
  return layers.some(({ kernelRegularizer: { l2 } }) => isNear(l2 / 0.01, 1));
};

const isOneSmallLayer: Test = (variant) => {
  const layers = hiddenLayers(variant);
  return layers.length === 1 && layers[0].activation.name === "relu" && layers[0].units >= 16;
};

const headMatches: Test = ({ model, train }) => {
  const { units, activation } = headOf(model).layer;
  const { name, fromLogits } = train.loss;
  const logits = activation.name === "linear" && fromLogits;
  if (/^binary/.test(name)) return units === 1 && (activation.name === "sigmoid" || logits);
  return /ategorical/.test(name) && units > 1 && (activation.name === "softmax" || logits);
};
