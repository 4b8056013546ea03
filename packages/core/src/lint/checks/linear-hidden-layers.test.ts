import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const HEAD = { units: 1, activation: "sigmoid" as const };

test("dense layers without anything between them are one", () => {
  const change = { layers: [{ units: 8 }, { units: 8 }, HEAD] };
  expect(lintLines("linear-hidden-layers", change)).toEqual([
    "warning at model.layers[0], model.layers[1]: No hidden layer has an activation, so the 3 dense layers together are one and can only draw straight boundaries.",
  ]);
  expect(afterInterventions("linear-hidden-layers", change)).toEqual({ "relu-hidden": [] });
});

test("batch normalization bends nothing; a linear layer among others is a note", () => {
  const normalized = [{ units: 8 }, { type: "batchNormalization" as const }, HEAD];
  expect(lintLines("linear-hidden-layers", { layers: normalized })[0]).toMatch(/^warning/);
  const bottleneck = [{ units: 8, activation: "relu" as const }, { units: 2 }, HEAD];
  expect(lintLines("linear-hidden-layers", { layers: bottleneck })).toEqual([
    "note at model.layers[1]: 1 of 2 hidden layers have no activation and add nothing that the next could not do.",
  ]);
});

test("an activation layer counts, and a network without hidden layers has none to blame", () => {
  const layers = [{ units: 8 }, { type: "activation" as const, activation: "tanh" as const }, HEAD];
  expect(lintLines("linear-hidden-layers", { layers })).toEqual([]);
  expect(lintLines("linear-hidden-layers", { layers: [HEAD] })).toEqual([]);
});
