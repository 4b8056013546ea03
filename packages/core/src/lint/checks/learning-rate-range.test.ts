import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

test.each([
  ["adam", 10, "adam at 10.0 makes steps larger than the weights are"],
  ["adam", 0.2, "adam at 0.200 makes steps larger"],
  ["adagrad", 1, "adagrad at 1.00 makes steps larger"],
  ["sgd", 3, "sgd at 3.00 makes steps larger"],
  ["adadelta", 0.001, "adadelta at 0.00100 hardly moves"],
  ["adam", 1e-9, "adam at 1.00e-9 hardly moves"],
])("%s at %d", (optimizer, learningRate, says) => {
  const change = { train: { optimizer, learningRate } };
  expect(lintLines("learning-rate-range", change)[0]).toContain(says);
  expect(afterInterventions("learning-rate-range", change)).toEqual({ "learning-rate": [] });
});

test("a momentum of 0.99 makes a hundredfold of every step", () => {
  const optimizer = { name: "sgd", momentum: 0.99 };
  expect(
    lintLines("learning-rate-range", { train: { optimizer, learningRate: 0.5 } }),
  ).toHaveLength(1);
  expect(lintLines("learning-rate-range", { train: { optimizer, learningRate: 0.05 } })).toEqual(
    [],
  );
});

test("a schedule is judged by its peak", () => {
  const learningRate = { schedule: "oneCycle", peak: 0.5, totalSteps: 300 };
  expect(lintLines("learning-rate-range", { train: { learningRate } })).toHaveLength(1);
});

test.each([
  ["adam", 0.1],
  ["adam", 1e-5],
  ["sgd", 0.5],
  ["adagrad", 0.1],
  ["adadelta", 1],
  ["lion", 1e-4],
])("%s at %d is within reason", (optimizer, learningRate) => {
  expect(lintLines("learning-rate-range", { train: { optimizer, learningRate } })).toEqual([]);
});
