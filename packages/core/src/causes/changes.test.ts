import { describe, expect, test } from "vitest";
import { lintSpec } from "../../test/lint-case.ts";
import { patched, resolveVariants } from "../spec/resolve-variants.ts";
import type { SpecInput, Variant } from "../spec/spec.ts";
import { type Change, together } from "./change.ts";
import * as changes from "./changes.ts";

const faulty: SpecInput["model"]["layers"] = [
  { units: 8, activation: "sigmoid", kernelInitializer: "zeros", kernelRegularizer: { l2: 1 } },
  { type: "dropout", rate: 0.9 },
  { units: 8, activation: "sigmoid" },
  { units: 2, activation: "linear" },
];

function variantOf(layers = faulty, train: object = {}): Variant {
  return resolveVariants(lintSpec({ layers, train: { batchSize: 16, ...train } }))[0];
}

const ALL: Record<string, Change> = {
  standardize: changes.standardizeInputs,
  faster: changes.scaleRate(10),
  slower: changes.scaleRate(0.1),
  rate: changes.setRate(0.02),
  adam: changes.adam(0.01),
  relu: changes.hiddenLayers("relu"),
  tanh: changes.hiddenLayers("tanh"),
  selu: changes.hiddenLayers("selu"),
  leaky: changes.hiddenLayers("leakyReLU"),
  initializers: changes.kerasInitializers,
  one: changes.oneHiddenLayer,
  widen: changes.widen(4, 32),
  deepen: changes.deepen,
  decay: changes.cosineDecay(180),
  epochs: changes.moreEpochs(5),
  fewer: changes.fewerEpochs(0.1),
  batch: changes.batchOf(32),
  head: changes.fitHead(2),
  free: changes.noRegularization,
  penalty: changes.weightPenalty(2),
  normalize: changes.batchNormalization,
  clip: changes.clipNorm,
};

/** Those that go on from where they are, so that a second time is another change. */
const RELATIVE = ["faster", "slower", "widen", "deepen", "epochs", "fewer"];

describe.each(Object.entries(ALL))("%s", (name, change) => {
  const before = variantOf();
  const made = change.make(before)!;

  test("is a patch that a spec takes, and another network or training", () => {
    const after = patched(before, made.patch);
    expect({ ...after, name: "" }).not.toEqual({ ...before, name: "" });
  });

  test.skipIf(RELATIVE.includes(name))("is nothing where it is made already", () => {
    expect(change.make(patched(before, made.patch))).toBeUndefined();
  });
});

test("hidden layers get narrower down to eight units", () => {
  const wide = variantOf([{ units: 64 }, { units: 16 }, { units: 2 }]);
  const { layers } = patched(wide, changes.narrow(4).make(wide)!.patch).model;
  expect(layers).toMatchObject([{ units: 16 }, { units: 8 }, { units: 2 }]);
  expect(changes.narrow(4).make(variantOf())).toBeUndefined();
});

test("a network gets deeper by its last hidden layer and what stands behind that", () => {
  const before = variantOf(faulty.slice(0, 2).concat(faulty.slice(3)));
  const { layers } = patched(before, changes.deepen.make(before)!.patch).model;
  expect(layers.map(({ type }) => type)).toEqual(["dense", "dropout", "dense", "dropout", "dense"]);
  expect(layers[2]).toEqual(layers[0]);
  const without = variantOf([{ units: 2, activation: "softmax" }]);
  expect(changes.deepen.make(without)).toBeUndefined();
});

test("a decay reaches 0 with the last step", () => {
  const { learningRate } = patched(
    variantOf(),
    changes.cosineDecay(180).make(variantOf())!.patch,
  ).train;
  // 50 epochs of 12 batches, of which the last has four rows.
  expect(learningRate).toMatchObject({ schedule: "cosine", initial: 0.001, decaySteps: 600 });
});

test("dropout goes behind hidden layers, and only once", () => {
  const plain = variantOf([
    { units: 8, activation: "relu" },
    { units: 1, activation: "sigmoid" },
  ]);
  const after = patched(plain, changes.dropout.make(plain)!.patch);
  expect(after.model.layers.map(({ type }) => type)).toEqual(["dense", "dropout", "dense"]);
  expect(changes.dropout.make(after)).toBeUndefined();
});

test("changes of the layers lie on one another", () => {
  const before = variantOf();
  const both = together([changes.hiddenLayers("relu"), changes.noRegularization], before)!;
  const { layers } = patched(before, both.patch).model;
  expect(both.id).toBe("relu-he + no-regularization");
  expect(layers.map(({ type }) => type)).toEqual(["dense", "dense", "dense"]);
  expect(layers[0]).toMatchObject({
    activation: { name: "relu" },
    kernelInitializer: { name: "heUniform" },
    kernelRegularizer: { l2: 0 },
  });
  expect(together([], before)).toBeUndefined();
});

test("one hidden layer has the penalty and the dropout of those it stands for", () => {
  const before = variantOf();
  const { layers } = patched(before, changes.oneHiddenLayer.make(before)!.patch).model;
  expect(layers).toMatchObject([
    { units: 32, kernelRegularizer: { l2: 1 } },
    { type: "dropout", rate: 0.9 },
    { units: 2, kernelRegularizer: { l2: 0 } },
  ]);
});

test("a rate leaves no sensible range, and a schedule has none to scale", () => {
  expect(changes.scaleRate(1000).make(variantOf(faulty, { learningRate: 0.01 }))).toBeUndefined();
  const scheduled = variantOf(faulty, {
    learningRate: { schedule: "exponential", initial: 0.1, decaySteps: 10, decayRate: 0.9 },
  });
  expect(changes.scaleRate(0.1).make(scheduled)).toBeUndefined();
});
