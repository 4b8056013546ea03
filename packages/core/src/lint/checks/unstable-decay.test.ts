import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const penalized = (l2: number) => [
  { units: 8, activation: "tanh" as const, kernelRegularizer: { l2 } },
  { units: 1, activation: "sigmoid" as const },
];

test("an l2 of 10 at a rate of 0.3, as in playground#77, makes the weights grow", () => {
  const change = { layers: penalized(10), train: { optimizer: "sgd", learningRate: 0.3 } };
  expect(lintLines("unstable-decay", change)).toEqual([
    "error at model.layers[0]: Each step multiplies the weights by −5.00 before the data has a say, so they grow without end.",
  ]);
  expect(afterInterventions("unstable-decay", change)).toEqual({ "less-l2": [] });
});

test("decoupled decay does so with every optimizer", () => {
  const change = { train: { optimizer: { name: "adamw", weightDecay: 30 }, learningRate: 0.1 } };
  expect(lintLines("unstable-decay", change)[0]).toMatch(
    /^error at train.optimizer.weightDecay: .* by −2.00 /,
  );
  expect(afterInterventions("unstable-decay", change)).toEqual({ "less-decay": [] });
});

test.each([
  ["just stable", { layers: penalized(3.3), train: { optimizer: "sgd", learningRate: 0.3 } }],
  [
    "Adam, whose step is not proportional to the penalty",
    { layers: penalized(10), train: { learningRate: 0.3 } },
  ],
])("%s", (_, change) => {
  expect(lintLines("unstable-decay", change)).toEqual([]);
});
