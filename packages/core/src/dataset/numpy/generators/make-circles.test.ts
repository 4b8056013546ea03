import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-generators.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import { makeCircles } from "./make-circles.ts";

const cases = sklearn.generators.filter((given) => given.function === "make_circles");

test.each(cases)("scikit-learn's make_circles of $options", ({ options, shape, x, y }) => {
  const { n_samples, shuffle, noise, factor, random_state: seed } = options;
  const rows = n_samples as number | [number, number];
  const data = makeCircles({ rows, shuffle, noise, factor, seed });
  expect([data.rows, data.columns]).toEqual(shape);
  expect([...data.y]).toEqual(y);
  expect(largestDifference(data.x, x)).toBeLessThan(1e-12);
});

test("an inner circle that is not inside is refused", () => {
  expect(() => makeCircles({ factor: 1, seed: 0 })).toThrow(
    "factor is 1; use a number from 0 to below 1, the radius of the inner circle.",
  );
});

function largestDifference(actual: Float64Array, expected: number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
}
