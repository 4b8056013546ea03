import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

test("a batch that holds every row is a note", () => {
  const change = { train: { batchSize: 512 } };
  expect(lintLines("batch-larger-than-data", change)).toEqual([
    "note at train.batchSize: A batch of 512 holds all 180 training rows, so 50 epochs are 50 steps.",
  ]);
  expect(afterInterventions("batch-larger-than-data", change)).toEqual({ "smaller-batch": [] });
});

test("a batch of exactly all rows is full-batch training on purpose", () => {
  expect(lintLines("batch-larger-than-data", { train: { batchSize: 180 } })).toEqual([]);
});
