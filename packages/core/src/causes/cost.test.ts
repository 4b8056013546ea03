import { expect, test } from "vitest";
import { lintSpec } from "../../test/lint-case.ts";
import { loadDatasets } from "../compile/compile.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { CHEAP, isAffordable, trainingCost } from "./cost.ts";

function affordable(units: number, times: number, layers = 1) {
  const hidden = Array.from({ length: layers }, () => ({ units }));
  const spec = lintSpec({ layers: [...hidden, { units: 1, activation: "sigmoid" }] });
  const [dataset] = loadDatasets(spec).values();
  const [variant] = resolveVariants(spec);
  const { train } = variant;
  const longer = { ...variant, train: { ...train, epochs: times * train.epochs } };
  return { cost: trainingCost(variant, dataset), is: isAffordable(longer, variant, dataset) };
}

test("a small network may train a hundred times as long", () => {
  const { cost, is } = affordable(16, 100);
  expect(cost).toBeLessThan(5e7);
  expect(is).toBe(true);
});

test("a network of a fiftieth of a second may not train sixty times as long, and five times may", () => {
  expect(affordable(1000, 60)).toMatchObject({ is: false });
  expect(affordable(1000, 5)).toMatchObject({ is: true });
});

test("a network that takes seconds by itself may train twice as long at most", () => {
  const { cost, is } = affordable(640, 3, 2);
  expect(cost).toBeGreaterThan(CHEAP);
  expect(is).toBe(false);
  expect(affordable(640, 2, 2)).toMatchObject({ is: true });
});
