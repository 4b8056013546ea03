import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const penalized = (kernelRegularizer: object, units = 16) => [
  {
    units,
    activation: "tanh" as const,
    kernelInitializer: "heUniform" as const,
    kernelRegularizer,
  },
  {
    units,
    activation: "tanh" as const,
    kernelInitializer: "heUniform" as const,
    kernelRegularizer,
  },
  { units: 1, activation: "sigmoid" as const },
];

test.each([
  ["an l2 of 0.1", penalized({ l2: 0.1 })],
  ["an l1 of 0.05", penalized({ l1: 0.05 })],
])("%s outweighs the loss", (_, layers) => {
  const [line] = lintLines("strong-penalty", { layers });
  expect(line).toMatch(
    /^warning at model.layers\[0\], model.layers\[1\]: The penalties start at [\d.]+ and the loss at 0.693/,
  );
  expect(afterInterventions("strong-penalty", { layers })).toEqual({
    "no-penalty": [],
    "less-l2": [],
  });
});

test("a decay of 5 holds the weights down", () => {
  const change = { train: { optimizer: { name: "adamw", weightDecay: 5 } } };
  expect(lintLines("strong-penalty", change)[0]).toContain("in balance with it at 0.200");
  expect(afterInterventions("strong-penalty", change)).toEqual({ "less-decay": [] });
});

test.each([
  ["Keras's l2 of 0.01 on a wide network", penalized({ l2: 0.01 }, 128)],
  [
    "an l2 of 0.1 on a single small layer",
    [{ units: 1, activation: "sigmoid" as const, kernelRegularizer: { l2: 0.1 } }],
  ],
])("%s does not", (_, layers) => {
  expect(lintLines("strong-penalty", { layers })).toEqual([]);
});
