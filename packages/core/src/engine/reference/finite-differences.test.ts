// Gradients against central differences of the loss, in float64: every activation as a hidden
// layer, and every loss on every activation, with one output and with several.

import { describe, expect, test } from "vitest";
import { hyper, network } from "../../compile/compile.ts";
import { uniformAt } from "../../shared/random.ts";
import { ACTIVATIONS, type Activation, LOSSES, type Loss, specSchema } from "../../spec/spec.ts";
import { TrainStep } from "./train-step.ts";

const BATCH = 6;
const INPUTS = 3;

function stepOf(layers: { units: number; activation: Activation }[], loss: Loss): TrainStep {
  const penalized = layers.map((layer) => ({
    ...layer,
    kernelRegularizer: { l1: 0.01, l2: 0.02 },
  }));
  const { model, train } = specSchema.pick({ model: true, train: true }).parse({
    model: { layers: penalized },
    train: { loss, epochs: 1 },
  });
  const variant = { model, train: { ...train, learningRate: 0.001 } };
  const shape = network(variant, INPUTS);
  const parameters = Float64Array.from({ length: shape.layout.size }, (_, i) => draw(1, i));
  const step = new TrainStep(shape, hyper(variant), BATCH, parameters, "float64");
  // Sparse cross-entropy divides by the row sum, which has to stay away from zero.
  if (loss === "sparseCategoricalCrossentropy") {
    const { offset, size } = shape.layout.tensors[shape.layout.tensors.length - 1];
    for (let i = offset; i < offset + size; i++) step.parameters[i] += 2;
  }
  const { units } = layers[layers.length - 1];
  const classes = units === 1 && loss !== "sparseCategoricalCrossentropy" ? 2 : units;
  step.inputs.forEach((_, i) => {
    step.inputs[i] = draw(2, i);
  });
  step.labels.forEach((_, b) => {
    step.labels[b] = b % classes;
  });
  return step;
}

/** Uniform in +-0.9; no case below comes within the difference of a kink. */
function draw(seed: number, index: number): number {
  return 1.8 * uniformAt(seed, 0, index) - 0.9;
}

/** The largest difference between gradient and slope, against the largest gradient. */
function gradientError(step: TrainStep): number {
  step.evaluate(BATCH);
  step.backward(BATCH);
  const gradients = Float64Array.from(step.gradients);
  const slopes = gradients.map((_, i) => slope(step, i));
  const largest = gradients.reduce((max, g) => Math.max(max, Math.abs(g)), 0);
  const errors = Array.from(gradients, (g, i) => Math.abs(g - slopes[i]));
  return Math.max(...errors) / largest;
}

/** The slope of the loss along one parameter, by a central difference of fourth order. */
function slope(step: TrainStep, parameter: number): number {
  const start = step.parameters[parameter];
  const lossAt = (offset: number) => {
    step.parameters[parameter] = start + offset;
    step.evaluate(BATCH);
    step.parameters[parameter] = start;
    return step.loss;
  };
  const h = 1e-4;
  const near = (lossAt(h) - lossAt(-h)) / (2 * h);
  const far = (lossAt(2 * h) - lossAt(-2 * h)) / (4 * h);
  return (4 * near - far) / 3;
}

// The difference's own error: rounding of the loss over h, 1e-16 / 1e-4, and h^4 times the fifth
// derivative, which reaches 1e-8 where the logarithm of a small output bends.
const TOLERANCE = 1e-7;

test.each(ACTIVATIONS)("%s in a hidden layer", (activation) => {
  const layers = [
    { units: 5, activation },
    { units: 4, activation },
    { units: 3, activation: "softmax" as const },
  ];
  expect(gradientError(stepOf(layers, "sparseCategoricalCrossentropy"))).toBeLessThan(TOLERANCE);
});

describe.each(LOSSES)("%s", (loss) => {
  test.each(ACTIVATIONS.flatMap((a) => [[a, 1] as const, [a, 3] as const]))(
    "on %s with %i outputs",
    (activation, units) => {
      const step = stepOf(
        [
          { units: 4, activation: "tanh" },
          { units, activation },
        ],
        loss,
      );
      expect(gradientError(step)).toBeLessThan(TOLERANCE);
    },
  );
});
