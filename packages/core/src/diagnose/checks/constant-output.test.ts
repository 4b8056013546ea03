import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const outputs = (...distinctOutputs: number[]) => ({ layers: [{}, {}, { distinctOutputs }] });

test("one answer in every one of the last batches", () => {
  const runs = [outputs(32, 1, 1, 1, 1, 1, 1, 1, 1)];
  expect(diagnoseLines("constant-output", { runs })).toEqual([
    "error at model.layers[2]: At the end the network gives one answer for every input, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("two answers are not one, and a batch of one row has no more", () => {
  expect(diagnoseLines("constant-output", { runs: [outputs(1, 1, 1, 2, 1, 1, 1)] })).toEqual([]);
  const alone = { runs: [outputs(1, 1, 1)], train: { batchSize: 1 } };
  expect(diagnoseLines("constant-output", alone)).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("constant-output", { runs: [{}] })).toEqual([
    "not measured: distinctOutputs",
  ]);
});
