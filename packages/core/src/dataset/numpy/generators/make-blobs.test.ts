import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-generators.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import { makeBlobs } from "./make-blobs.ts";

const cases = sklearn.generators.filter((given) => given.function === "make_blobs");

test.each(cases)("scikit-learn's make_blobs of $options", ({ options, shape, x, y }) => {
  const data = makeBlobs({
    rows: options.n_samples,
    columns: options.n_features,
    centers: options.centers,
    clusterStd: options.cluster_std,
    centerBox: options.center_box as [number, number] | undefined,
    shuffle: options.shuffle,
    seed: options.random_state,
  });
  expect([data.rows, data.columns]).toEqual(shape);
  expect([...data.y]).toEqual(y);
  expect(largestDifference(data.x, x)).toBeLessThan(1e-12);
});

test.each([
  [{ centers: 0 }, "centers is 0; use a positive integer or a list of points."],
  [{ columns: 0 }, "columns is 0; use a positive integer."],
  [
    { centers: [[1, 2], [3]] },
    "centers[1] has 1 coordinates but centers[0] has 2; give all points the same number.",
  ],
  [{ rows: [4, 4], centers: 3 }, "rows has 2 entries for 3 centers; give one per center."],
  [{ clusterStd: [1, -2, 1] }, "clusterStd[1] is -2; use a number of at least 0."],
  [{ clusterStd: [1] }, "clusterStd has 1 entries for 3 centers; give one per center."],
])("%o is refused: %s", (options, message) => {
  expect(() => makeBlobs({ ...options, seed: 0 })).toThrow(message);
});

function largestDifference(actual: Float64Array, expected: number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
}
