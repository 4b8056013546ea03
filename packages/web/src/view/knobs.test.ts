import { expect, test } from "vitest";
import { ARTICLES } from "../presets/articles.ts";
import { compared, readKnobs, withKnob } from "./knobs.ts";

const spec = {
  name: "small",
  model: {
    layers: [
      { units: 8, activation: "relu" },
      { type: "dropout", rate: 0.5 },
      { units: 4, activation: { name: "elu", alpha: 1 } },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "binaryCrossentropy", optimizer: { name: "sgd", momentum: 0.9 }, epochs: 5 },
};

test("knobs are read off a spec as it is written", () => {
  expect(readKnobs(spec)).toEqual({
    learningRate: undefined,
    units: 8,
    layers: 2,
    activation: "relu",
    optimizer: "sgd",
    batchSize: undefined,
    epochs: 5,
    seeds: undefined,
  });
  expect(readKnobs(undefined).layers).toBe(0);
});

test("a knob changes hidden layers and leaves the head and what stands between alone", () => {
  const { model } = withKnob(spec, "units", 3) as typeof spec;
  expect(model.layers.map(({ units }) => units)).toEqual([3, undefined, 3, 1]);
  expect(model.layers[2].activation).toEqual({ name: "elu", alpha: 1 });
});

test.each([
  [0, [1]],
  [1, [8, 1]],
  [3, [8, 4, 4, 1]],
])("a depth of %d", (depth, units) => {
  const { model } = withKnob(spec, "layers", depth) as typeof spec;
  expect(model.layers.map((layer) => layer.units)).toEqual(units);
});

test("another optimizer comes with its own settings, the same one keeps them", () => {
  expect((withKnob(spec, "optimizer", "adam") as typeof spec).train.optimizer).toBe("adam");
  expect((withKnob(spec, "epochs", 9) as typeof spec).train.optimizer).toEqual({
    name: "sgd",
    momentum: 0.9,
  });
});

test("where variants are compared, what is turned is one more of them, and no claim is judged", () => {
  const once = withKnob(ARTICLES["article-3"], "learningRate", 0.01);
  const twice = withKnob(once, "units", 8) as Record<string, Record<string, unknown>>;
  expect(Object.keys(twice.variants)).toEqual(["high", "low", "optimal", "yours"]);
  expect(twice.variants.yours).toEqual({
    train: { learningRate: 0.01 },
    model: {
      layers: [
        { units: 8, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
  });
  expect(twice.claims).toEqual([]);
  expect(readKnobs(twice)).toMatchObject({ learningRate: 0.01, units: 8 });
});

test("a change stands beside what it was", () => {
  const patch = { train: { epochs: 50 } };
  expect(compared(spec, undefined, "more-epochs", patch).variants).toEqual({
    "as it was": {},
    "more-epochs": patch,
  });
  expect(compared(ARTICLES["article-3"], "high", "more-epochs", patch).variants).toEqual({
    high: { train: { learningRate: 0.1 } },
    "more-epochs": { train: { learningRate: 0.1, epochs: 50 } },
  });
});
