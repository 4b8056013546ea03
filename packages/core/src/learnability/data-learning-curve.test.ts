import { expect, test } from "vitest";
import { datasetOf, drawn, fixture } from "../../test/learnability-case.ts";
import { dataLearningCurve } from "./data-learning-curve.ts";

test("a rule that takes many rows to see is still rising", () => {
  const ring = drawn(200, 3, ([a, b, c]) => (a * a + b * b + c * c > 2.4 ? 1 : 0));
  const { points, isRising, p } = dataLearningCurve(datasetOf(ring));
  expect(points.map(({ rows }) => rows)).toEqual([40, 80, 120, 160]);
  expect(points[3].accuracy - points[1].accuracy).toBeGreaterThan(0.03);
  expect(p).toBeLessThan(0.05);
  expect(isRising).toBe(true);
});

test("a line that a quarter of the rows shows does not rise", () => {
  const line = drawn(600, 3, ([a, b]) => (a + b > 0 ? 1 : 0));
  const { points, isRising } = dataLearningCurve(datasetOf(line));
  expect(points[1].accuracy).toBeGreaterThan(0.95);
  expect(isRising).toBe(false);
});

test("breast cancer has rows enough, coin flips gain by none", () => {
  expect(dataLearningCurve(datasetOf(fixture("breast-cancer", "class"))).isRising).toBe(false);
  const coin = drawn(400, 4, (_, noise) => (noise > 0 ? 1 : 0));
  expect(dataLearningCurve(datasetOf(coin)).isRising).toBe(false);
});

test("two rows have a curve, and it says nothing", () => {
  const { isRising } = dataLearningCurve(datasetOf({ rows: [[1], [2]], labels: [0, 1] }));
  expect(isRising).toBe(false);
});
