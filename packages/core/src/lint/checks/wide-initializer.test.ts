import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

const layers = (units: number, activation: "relu" | "tanh" | "sigmoid", stddev: number) => [
  { units, activation, kernelInitializer: { name: "randomNormal" as const, stddev } },
  { units: 1, activation: "sigmoid" as const },
];

test("weights of 2 on four inputs put tanh on its flat part", () => {
  const change = { layers: layers(8, "tanh", 2) };
  expect(lintLines("wide-initializer", change)).toEqual([
    "warning at model.layers[0]: Weights start so large that inputs of unit scale give pre-activations of about 4.00; tanh is flat there and passes no gradient.",
  ]);
  expect(afterInterventions("wide-initializer", change)).toEqual({ "scaled-weights": [] });
});

test("weights of 2 on fifty inputs of a relu grow", () => {
  const rows = normalRows(240, 50);
  const [line] = lintLines("wide-initializer", { rows, layers: layers(8, "relu", 2) });
  expect(line).toContain("about 14.1; they grow from layer to layer.");
});

test.each([
  ["the same weights under a sigmoid, which bends later", layers(8, "sigmoid", 2)],
  ["Keras's old normal", layers(8, "tanh", 0.05)],
])("%s", (_, model) => {
  expect(lintLines("wide-initializer", { layers: model })).toEqual([]);
});
