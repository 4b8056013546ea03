import { expect, test } from "vitest";
import { datasetOf, drawn, flipped, type Rows } from "../../test/learnability-case.ts";
import { testPartEasier } from "./test-part-easier.ts";

/** The first 400 rows to train on, the last 200 to test on. */
const split = ({ rows, labels }: Rows) =>
  datasetOf({
    source: { kind: "inline", rows: rows.map((row) => [...row]), labels: [...labels] },
    split: { testSize: 200, shuffle: false },
  });
const line = drawn(600, 2, ([a, b]) => (a + b > 0 ? 1 : 0));
const noisy = flipped(line, 0.3);
const mixed = (training: Rows, test: Rows) =>
  split({
    rows: line.rows,
    labels: [...training.labels.slice(0, 400), ...test.labels.slice(400)],
  });

test("wrong labels in the training part alone make the test part easier", () => {
  const asked = testPartEasier(mixed(noisy, line))!;
  expect(asked).toMatchObject({ isEasier: true, testRows: 200 });
  expect(asked.test - asked.training).toBeGreaterThan(0.1);
});

test("wrong labels everywhere, or nowhere, or in the test part alone do not", () => {
  for (const dataset of [mixed(noisy, noisy), mixed(line, line), mixed(line, noisy)]) {
    expect(testPartEasier(dataset)).toMatchObject({ isEasier: false });
  }
});

test("without a test part there is nothing to ask", () => {
  expect(testPartEasier(datasetOf(line))).toBeUndefined();
});
