import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const layers = (hidden: string, head: string, activation: "relu" | "tanh" = "tanh") =>
  [
    { units: 8, activation, kernelInitializer: hidden },
    { units: 1, activation: "sigmoid", kernelInitializer: head },
  ] as NonNullable<Parameters<typeof lintLines>[1]["layers"]>;

test.each([
  ["zeros under zeros", layers("zeros", "zeros")],
  ["ones under ones", layers("ones", "ones")],
  ["zeros under a relu, whatever is behind", layers("zeros", "glorotUniform", "relu")],
])("%s stay copies of each other", (_, model) => {
  expect(lintLines("constant-initializer", { layers: model })).toEqual([
    "error at model.layers[0]: All weights of a hidden layer start equal, so its units stay copies of each other however long it trains.",
  ]);
  expect(afterInterventions("constant-initializer", { layers: model })).toEqual({
    "random-weights": [],
  });
});

test.each([
  // The head's random weights tell the units apart at the first step.
  ["zeros of tanh units under a random head", layers("zeros", "glorotUniform")],
  // A common way to start from even odds; the head moves first, then the rest.
  ["a head of zeros", layers("glorotUniform", "zeros")],
])("%s are no finding", (_, model) => {
  expect(lintLines("constant-initializer", { layers: model })).toEqual([]);
});
