import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-splits.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import { kFold } from "./k-fold.ts";

const cases = sklearn.folds.filter(({ labels }) => labels === null);

test.each(cases)("$folds folds of $rows rows, seed $random_state", (given) => {
  const { folds, rows, random_state: seed } = given;
  const splits = kFold(rows, { folds, shuffle: seed !== null, seed: seed ?? undefined });
  expect(splits.map(({ train, test }) => ({ train: [...train], test: [...test] }))).toEqual(
    given.splits,
  );
});

test.each([
  [4, { folds: 1 }, "folds is 1 for 4 rows; use an integer from 2 to the number of rows."],
  [4, { folds: 5 }, "folds is 5 for 4 rows; use an integer from 2 to the number of rows."],
  [
    9,
    { shuffle: true },
    "the split is shuffled but has no seed; set seed, or set shuffle to false.",
  ],
])("%i rows with %o: %s", (rows, options, message) => {
  expect(() => kFold(rows, options)).toThrow(message);
});
