import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

test("Adam for six epochs of six steps moves no weight by more than 0.036", () => {
  const change = { train: { epochs: 6 } };
  expect(lintLines("too-few-steps", change)).toEqual([
    "warning at train: 36 steps of adam move no weight by more than about 0.0360; the network ends close to where it starts.",
  ]);
  expect(afterInterventions("too-few-steps", change)).toEqual({
    "more-epochs": [],
    "learning-rate": [],
  });
});

test("SGD is judged by its flow, momentum included", () => {
  const sgd = (momentum: number) => ({
    train: { optimizer: { name: "sgd", momentum }, learningRate: 0.001 },
  });
  expect(lintLines("too-few-steps", sgd(0))[0]).toContain("300 steps of sgd add up to 0.300 units");
  expect(afterInterventions("too-few-steps", sgd(0))).toEqual({
    "more-epochs": [],
    "learning-rate": [],
    adam: [],
  });
  expect(lintLines("too-few-steps", sgd(0.9))).toEqual([]);
});

test("a schedule counts with the sum of its rates", () => {
  const learningRate = { schedule: "cosine", initial: 0.001, decaySteps: 30 };
  expect(lintLines("too-few-steps", { train: { learningRate } })).toHaveLength(1);
});

test("few steps at a high rate are enough", () => {
  expect(lintLines("too-few-steps", { train: { epochs: 6, learningRate: 0.01 } })).toEqual([]);
});
