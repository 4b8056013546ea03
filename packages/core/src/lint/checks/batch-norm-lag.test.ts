import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const layers = (momentum: number) => [
  { units: 8, activation: "relu" as const },
  { type: "batchNormalization" as const, momentum },
  { units: 1, activation: "sigmoid" as const },
];

test("sixty steps leave half of the moving statistics where they start", () => {
  const change = { layers: layers(0.99), train: { epochs: 10 } };
  expect(lintLines("batch-norm-lag", change)).toEqual([
    "warning at model.layers[1]: After 60 steps 55% of batch normalization's moving statistics are still their start, so validation sees another network than training.",
  ]);
  expect(afterInterventions("batch-norm-lag", change)).toEqual({ "less-momentum": [] });
});

test("three hundred steps, or a smaller momentum, are enough", () => {
  expect(lintLines("batch-norm-lag", { layers: layers(0.99), train: { epochs: 50 } })).toEqual([]);
  expect(lintLines("batch-norm-lag", { layers: layers(0.9), train: { epochs: 10 } })).toEqual([]);
});
