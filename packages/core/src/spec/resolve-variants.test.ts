import { expect, test } from "vitest";
import { parseSpec } from "./parse-spec.ts";
import { resolveVariants } from "./resolve-variants.ts";

function variantsOf(variants: Record<string, unknown>) {
  const spec = parseSpec({
    name: "merging",
    data: { source: { kind: "inline", rows: [[1], [2]], labels: [0, 1] } },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", optimizer: { name: "adam", beta1: 0.8 }, epochs: 2 },
    variants,
  });
  return resolveVariants(spec);
}

test("a spec without variants has one, called baseline", () => {
  expect(variantsOf({}).map((variant) => variant.name)).toEqual(["baseline"]);
});

test("a patch changes what it names and nothing else", () => {
  const [variant] = variantsOf({ tuned: { train: { optimizer: { name: "adam", beta2: 0.99 } } } });
  expect(variant.train.optimizer).toMatchObject({ name: "adam", beta1: 0.8, beta2: 0.99 });
});

test("another optimizer brings its own defaults, its learning rate too", () => {
  const [variant] = variantsOf({ plain: { train: { optimizer: { name: "sgd" } } } });
  expect(variant.train.optimizer).toMatchObject({ name: "sgd", momentum: 0, nesterov: false });
  expect(variant.train.learningRate).toBe(0.01);
});
