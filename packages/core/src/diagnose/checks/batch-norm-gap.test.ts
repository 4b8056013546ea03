import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const layers = [
  { units: 16, activation: "relu" as const },
  { type: "batchNormalization" as const },
  { units: 1, activation: "sigmoid" as const },
];
const run = (loss: number[], inferenceLoss: number[]) => ({ curves: { loss, inferenceLoss } });

test("a network that needs its batch", () => {
  const runs = [run([0.3, 0.2, 0.1], [0.9, 0.8, 0.7])];
  expect(diagnoseLines("batch-norm-gap", { layers, runs })).toEqual([
    "warning at model.layers[1]: With moving statistics the training rows' loss is higher than with the batch's by 87% of the best constant predictor's, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("inference that does better, or a little worse, is as it should be", () => {
  expect(diagnoseLines("batch-norm-gap", { layers, runs: [run([0.3, 0.2], [0.25, 0.1])] })).toEqual(
    [],
  );
  expect(diagnoseLines("batch-norm-gap", { layers, runs: [run([0.3, 0.2], [0.3, 0.25])] })).toEqual(
    [],
  );
  expect(diagnoseLines("batch-norm-gap", { runs: [run([0.3, 0.2], [0.9, 0.8])] })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("batch-norm-gap", { layers, runs: [{}] })).toEqual([
    "not measured: inferenceLoss",
  ]);
});
