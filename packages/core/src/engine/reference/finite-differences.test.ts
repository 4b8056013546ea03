// Gradients against central differences of the loss, in float64: every activation, loss, operation
// and penalty, alone and where they meet.

import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../../test/compile-network.ts";
import { uniformAt } from "../../shared/random.ts";
import { LOSSES, type Loss, type SpecInput } from "../../spec/spec.ts";
import { ACTIVATIONS, type Activation } from "../../spec/words.ts";
import { TrainStep } from "./train-step.ts";

const BATCH = 6;
const INPUTS = 3;

type Layers = SpecInput["model"]["layers"];
type Train = Partial<SpecInput["train"]>;

/** A batch and random parameters; the kernels have penalties throughout. */
function stepOf(layers: Layers, loss: SpecInput["train"]["loss"], train: Train = {}): TrainStep {
  const penalized = layers.map((layer) =>
    (layer.type ?? "dense") === "dense"
      ? { kernelRegularizer: { l1: 0.01, l2: 0.02 }, ...layer }
      : layer,
  ) as Layers;
  const { network, hyper } = compileNetwork({
    model: { layers: penalized },
    train: { loss, epochs: 1, ...train },
    inputs: INPUTS,
    classes: 3,
  });
  const { layout } = network;
  const parameters = Float64Array.from({ length: layout.size }, (_, i) => draw(1, i));
  const step = new TrainStep({ network, hyper, trainingSeed: 5 }, BATCH, parameters, "float64");
  const isCategorical = /categorical/i.test(network.loss);
  // Categorical losses divide by the row sum, which has to stay away from zero.
  if (isCategorical && !network.fromLogits) {
    const head = layout.tensors.findLast(({ kind }) => kind === "bias")!;
    for (let i = head.offset; i < head.offset + head.size; i++) step.parameters[i] += 2;
  }
  const { units } = network.layers[network.layers.length - 1];
  const classes = units === 1 && !isCategorical ? 2 : units;
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
  step.evaluate(BATCH, "training");
  step.backward(BATCH);
  const gradients = Float64Array.from(step.gradients);
  const slopes = gradients.map((_, i) => slope(step, i));
  const largest = gradients.reduce((max, g) => Math.max(max, Math.abs(g)), 0);
  expect(largest).toBeGreaterThan(0);
  const errors = Array.from(gradients, (g, i) => Math.abs(g - slopes[i]));
  return Math.max(...errors) / largest;
}

/** The slope of the loss along one parameter, by a central difference of fourth order. */
function slope(step: TrainStep, parameter: number): number {
  const start = step.parameters[parameter];
  const lossAt = (offset: number) => {
    step.parameters[parameter] = start + offset;
    step.evaluate(BATCH, "training");
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

const HEAD = { units: 3, activation: "softmax" } as const;

describe.each(ACTIVATIONS)("%s", (name) => {
  test.each([
    ["in hidden layers", [{ units: 5, activation: name }, { units: 4, activation: name }, HEAD]],
    [
      "as a layer of its own",
      [{ units: 4 }, { type: "activation", activation: name }, { units: 4 }, HEAD],
    ],
    ["on the inputs", [{ type: "activation", activation: name }, { units: 4 }, HEAD]],
    ["with an alpha", [{ units: 4, activation: { name, alpha: 0.37 } }, HEAD]],
  ] as [string, Layers][])("%s", (_where, layers) => {
    expect(gradientError(stepOf(layers, "sparseCategoricalCrossentropy"))).toBeLessThan(TOLERANCE);
  });
});

const tanhThen = (units: number, activation: Activation): Layers => [
  { units: 4, activation: "tanh" },
  { units, activation },
];

describe.each(LOSSES)("%s", (loss) => {
  test.each(ACTIVATIONS.flatMap((a) => [[a, 1] as const, [a, 3] as const]))(
    "on %s with %i outputs",
    (activation, units) => {
      expect(gradientError(stepOf(tanhThen(units, activation), loss))).toBeLessThan(TOLERANCE);
    },
  );

  test.each(["linear", "softmax", "tanh"] as const)("told that %s gives logits", (activation) => {
    const step = stepOf(tanhThen(3, activation), { name: loss, fromLogits: true });
    expect(gradientError(step)).toBeLessThan(TOLERANCE);
  });

  test.each(["sigmoid", "softmax", "softplus"] as const)(
    "with smoothed labels and weighted classes on %s",
    (activation) => {
      const step = stepOf(
        tanhThen(3, activation),
        { name: loss, labelSmoothing: 0.2 },
        { classWeight: { "0": 0.5, "1": 3, "2": 0 } },
      );
      expect(gradientError(step)).toBeLessThan(TOLERANCE);
    },
  );
});

test.each(
  [0, 0.5, 1, 3.5].flatMap((gamma) =>
    (["sigmoid", "softmax", "hardSigmoid"] as const).map((head) => [gamma, head] as const),
  ),
)("focal losses with gamma %f on %s", (gamma, head) => {
  for (const name of ["binaryFocalCrossentropy", "categoricalFocalCrossentropy"] as Loss[]) {
    const focal = { name, gamma, alpha: 0.6, applyClassBalancing: true };
    expect(gradientError(stepOf(tanhThen(3, head), focal))).toBeLessThan(TOLERANCE);
  }
});

const OPERATIONS: [string, Layers[number]][] = [
  ["dropout", { type: "dropout", rate: 0.3 }],
  ["alphaDropout", { type: "alphaDropout", rate: 0.3 }],
  ["gaussianNoise", { type: "gaussianNoise", stddev: 0.5 }],
  ["batchNormalization", { type: "batchNormalization" }],
  ["batchNormalization, bare", { type: "batchNormalization", center: false, scale: false }],
  ["layerNormalization", { type: "layerNormalization" }],
  ["layerNormalization, bare", { type: "layerNormalization", center: false, scale: false }],
];

describe.each(OPERATIONS)("%s", (_name, operation) => {
  test.each([
    ["between two layers", [{ units: 4, activation: "tanh" }, operation, HEAD]],
    ["twice in a row", [{ units: 4, activation: "tanh" }, operation, operation, HEAD]],
    ["on the inputs", [operation, { units: 4, activation: "tanh" }, HEAD]],
    [
      "before the head's activation",
      [{ units: 3 }, operation, { type: "activation", activation: "softmax" }],
    ],
    ["on the outputs", [{ units: 4, activation: "tanh" }, HEAD, operation]],
  ] as [string, Layers][])("%s", (where, layers) => {
    const loss = where === "on the outputs" ? "meanSquaredError" : "sparseCategoricalCrossentropy";
    expect(gradientError(stepOf(layers, loss))).toBeLessThan(TOLERANCE);
  });
});

test("residual blocks: two that add one block, the second behind normalization and dropout", () => {
  const layers: Layers = [
    { units: 4, activation: "tanh" },
    { units: 4, activation: "swish" },
    { type: "add", from: 0 },
    { units: 4, activation: "tanh" },
    { type: "batchNormalization" },
    { type: "add", from: 0 },
    { type: "dropout", rate: 0.4 },
    { units: 4, activation: "prelu" },
    { type: "add", from: 2 },
    HEAD,
  ];
  expect(gradientError(stepOf(layers, "categoricalCrossentropy"))).toBeLessThan(TOLERANCE);
});

test.each([
  ["hidden", tanhThen(3, "softmax"), 0],
  ["of a head that is computed from logits", tanhThen(3, "softmax"), 1],
  ["of a head that is not", tanhThen(3, "softplus"), 1],
  ["of a prelu layer", [{ units: 4, activation: "prelu" }, HEAD], 0],
] as [string, Layers, number][])("penalties on bias and activity %s", (_where, layers, place) => {
  const penalties = {
    biasRegularizer: { l1: 0.3, l2: 0.2 },
    activityRegularizer: { l1: 0.7, l2: 0.4 },
  };
  const penalized = layers.map((layer, i) => (i === place ? { ...layer, ...penalties } : layer));
  const step = stepOf(penalized as Layers, "sparseCategoricalCrossentropy");
  expect(gradientError(step)).toBeLessThan(TOLERANCE);
});
