import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-splits.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import type { Labels } from "./classes.ts";
import { stratifiedKFold } from "./stratified-k-fold.ts";

const cases = sklearn.folds.filter(({ labels }) => labels !== null);

test.each(cases)("$folds folds of $rows rows, labels $labels, seed $random_state", (given) => {
  const { folds, rows, random_state: seed } = given;
  const splits = stratifiedKFold(labelsOf(given.labels!, rows), {
    folds,
    shuffle: seed !== null,
    seed: seed ?? undefined,
  });
  expect(splits.map(({ train, test }) => ({ train: [...train], test: [...test] }))).toEqual(
    given.splits,
  );
});

test("more folds than rows of any class are refused", () => {
  expect(() => stratifiedKFold([0, 0, 1, 1, 1], { folds: 4 })).toThrow(
    "folds is 4 but the largest class has 3 rows; use at most 3 folds.",
  );
});

/** The reference stores one period of each column of labels. */
function labelsOf(kind: string, rows: number): Labels {
  const period = sklearn.labels[kind as keyof typeof sklearn.labels];
  return Array.from({ length: rows }, (_, i) => period[i % period.length]) as string[];
}
