import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-generators.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import { makeMoons } from "./make-moons.ts";

const cases = sklearn.generators.filter((given) => given.function === "make_moons");

test.each(cases)("scikit-learn's make_moons of $options", ({ options, shape, x, y }) => {
  const { n_samples, shuffle, noise, random_state: seed } = options;
  const rows = n_samples as number | [number, number];
  const data = makeMoons({ rows, shuffle, noise, seed });
  expect([data.rows, data.columns]).toEqual(shape);
  expect([...data.y]).toEqual(y);
  expect(largestDifference(data.x, x)).toBeLessThan(1e-12);
});

test("half a row is refused", () => {
  expect(() => makeMoons({ rows: [2, 0.5], seed: 0 })).toThrow(
    "rows[1] is 0.5; use an integer of at least 0.",
  );
});

test("negative noise is refused", () => {
  expect(() => makeMoons({ noise: -0.1, seed: 0 })).toThrow(
    "noise is -0.1; use a number of at least 0.",
  );
});

function largestDifference(actual: Float64Array, expected: number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
}
