import { expect, test } from "vitest";
import { simd, sweepOf } from "../../test/sweep-of.ts";
import { runChunk } from "./run-chunk.ts";
import { SweepSummary } from "./summary.ts";
import { summaryText } from "./summary-text.ts";
import { compareRecords, type TrialRecord } from "./trial-record.ts";

const METRIC = { metric: { name: "valLoss", goal: "minimize" } } as const;

function record(index: number, value: number | null): TrialRecord {
  return {
    ...{ index, id: String(index), state: value === null ? "diverged" : "complete", value },
    ...{ epochs: 1, params: {}, engine: "cpu", adapter: "", runs: [] },
  } as TrialRecord;
}

test("the best are kept in order, whatever order they come in", () => {
  const values = [0.5, null, 0.1, 0.4, 0.1, 0.3, null, 0.2];
  const summary = new SweepSummary(METRIC, 4);
  for (const [i, value] of values.entries()) summary.add(record(i, value));
  expect(summary.best.map(({ index }) => index)).toEqual([2, 4, 7, 5]);
  expect(summary.statesText).toBe("6 complete, 2 diverged");
  const backwards = new SweepSummary(METRIC, 4);
  for (const [i, value] of [...values.entries()].reverse()) backwards.add(record(i, value));
  expect(backwards.best).toEqual(summary.best);
});

test("a trial that was cut stands behind those that trained to their end", () => {
  const summary = new SweepSummary(METRIC);
  const cut = { ...record(0, 0.1), state: "pruned" } as const;
  for (const each of [cut, record(1, null), record(2, 0.9)]) summary.add(each);
  expect(summary.best.map(({ index }) => index)).toEqual([2, 0, 1]);
});

test("no value ranks last, whatever is looked for", () => {
  const greatest = { metric: { name: "valAccuracy", goal: "maximize" } } as const;
  const order = (sweep: typeof METRIC | typeof greatest) =>
    [record(0, null), record(1, 0.2), record(2, 0.9)]
      .sort((a, b) => compareRecords(sweep, a, b))
      .map(({ index }) => index);
  expect(order(METRIC)).toEqual([1, 2, 0]);
  expect(order(greatest)).toEqual([2, 1, 0]);
});

test("the table at the end", async () => {
  const sweep = sweepOf({ parameters: { lr: [0.001, 0.1], "train.batchSize": [4] } });
  const summary = new SweepSummary(sweep);
  for (const each of (await runChunk(sweep, 0, simd)).records) summary.add(each);
  expect(summaryText(sweep, summary)).toMatchInlineSnapshot(`
    "small: 2 trials of 2 networks each, validation loss, least first
    1 complete, 1 stuck

         mean      sd  epochs  state     parameters
    1  0.2953  0.0090       6  complete  lr=0.1 train.batchSize=4
    2  0.9097   0.024       6  stuck     lr=0.001 train.batchSize=4
    "
  `);
});
