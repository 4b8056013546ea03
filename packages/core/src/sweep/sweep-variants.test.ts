import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { diagnosedSpec } from "../../test/diagnosis-report.ts";
import { parseSpec, resolveVariants } from "../index.ts";
import { isSweep, sweepVariants } from "./sweep-variants.ts";

const BASE = parseSpec(diagnosedSpec);

function variantsOf(yaml: string, base: unknown = BASE) {
  const source: unknown = parse(yaml);
  if (!isSweep(source)) throw new Error("that is no sweep");
  return sweepVariants(source, base);
}
/** What the variants are once they are merged over their spec. */
function resolved(yaml: string) {
  const { variants } = variantsOf(yaml);
  return resolveVariants({ ...BASE, variants: { ...variants } });
}

test("a grid: each combination is a variant, and what does not vary is in no name", () => {
  const variants = resolved(`
program: train.py
method: grid
metric: { name: val_loss, goal: minimize }
parameters:
  learning_rate: { values: [0.1, 0.01] }
  optimizer: { values: [sgd, RMSprop] }
  epochs: { value: 7 }
`);
  expect(variants.map(({ name }) => name)).toEqual([
    "learning_rate=0.1 optimizer=sgd",
    "learning_rate=0.1 optimizer=RMSprop",
    "learning_rate=0.01 optimizer=sgd",
    "learning_rate=0.01 optimizer=RMSprop",
  ]);
  const { train } = variants[3];
  expect(train).toMatchObject({ optimizer: { name: "rmsprop" }, learningRate: 0.01, epochs: 7 });
});

test("the network's own parameters change every place but the head", () => {
  const [{ model }] = resolved(`
method: grid
parameters: { units: { value: 9 }, activation: { value: silu }, l2: { value: 0.01 } }
`);
  expect(model.layers.map((layer) => layer.type === "dense" && layer.units)).toEqual([9, 9, 1]);
  expect(model.layers).toMatchObject([
    { activation: { name: "swish" }, kernelRegularizer: { l2: 0.01 } },
    { activation: { name: "swish" }, kernelRegularizer: { l2: 0.01 } },
    { activation: { name: "sigmoid" }, kernelRegularizer: { l2: 0 } },
  ]);
});

test("settings of an optimizer go with one that has them", () => {
  const [{ train }] = resolved(`
method: grid
parameters: { optimizer: { value: sgd }, momentum: { value: 0.9 }, clipnorm: { value: 1 } }
`);
  expect(train.optimizer).toMatchObject({ name: "sgd", momentum: 0.9, clipNorm: 1 });
});

test("random and bayes are drawn in their ranges, the same again each time", () => {
  const yaml = `
method: bayes
run_cap: 50
parameters:
  lr: { min: 0.0001, max: 0.1, distribution: log_uniform_values }
  batch_size: { min: 8, max: 64 }
  optimizer: { values: [adam, sgd] }
`;
  const { variants, notes } = variantsOf(yaml);
  expect(variantsOf(yaml).variants).toEqual(variants);
  expect(notes).toEqual(["bayes is drawn at random here: all variants run at once."]);
  const trains = resolved(yaml).map(({ train }) => train);
  expect(trains).toHaveLength(50);
  const rates = trains.map(({ learningRate }) => learningRate as number);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.0001);
  expect(Math.max(...rates)).toBeLessThanOrEqual(0.1);
  // Even on a logarithm: about half are below the middle power of ten.
  expect(rates.filter((rate) => rate < 0.00316).length).toBeGreaterThan(12);
  for (const { batchSize } of trains) expect(Number.isInteger(batchSize)).toBe(true);
  expect(new Set(trains.map(({ optimizer }) => optimizer.name)).size).toBe(2);
});

describe("what a spec cannot say is named", () => {
  test.each<[string, string]>([
    [
      "method: grid\nparameters: { n_estimators: { values: [1] } }",
      "parameters.n_estimators: is nothing that a spec can vary",
    ],
    [
      "method: grid\nparameters: { lr: { min: 0.1, max: 1 } }",
      "parameters.lr: is a range; a grid needs values",
    ],
    [
      "method: grid\nparameters: { lr: {} }",
      "parameters.lr: has no values, no value, and no range",
    ],
    [
      "method: random\nparameters: { lr: { min: 0, max: 1, distribution: log_uniform_values } }",
      "needs more than 0",
    ],
    [
      "method: random\nparameters: { lr: { min: 1, max: 2, distribution: beta } }",
      'parameters.lr.distribution: is "beta"',
    ],
    ["method: hyperband\nparameters: { lr: { value: 1 } }", 'method: is "hyperband"'],
    [
      "method: grid\nparameters: { optimizer: { value: ftrl } }",
      "parameters.optimizer: is ftrl, no optimizer here",
    ],
    [
      "method: grid\nparameters: { dropout: { value: 0.5 } }",
      "is for dropout layers, and the spec has none",
    ],
    [
      `method: grid\nparameters: { lr: { values: [${Array.from({ length: 600 }, (_, i) => i + 1)}] } }`,
      "parameters: have 600 combinations",
    ],
  ])("%s", (yaml, message) => {
    expect(() => variantsOf(yaml)).toThrow(message);
  });
});
