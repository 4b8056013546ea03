import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const layers = [
  { units: 16, activation: "relu" as const },
  { type: "dropout" as const, rate: 0.8 },
  { units: 1, activation: "sigmoid" as const },
];
const run = (loss: number[], inferenceLoss: number[]) => ({ curves: { loss, inferenceLoss } });

test("what dropout costs, beyond what the epoch teaches", () => {
  const runs = [run([0.76, 0.75, 0.74], [0.66, 0.65, 0.64])];
  expect(diagnoseLines("dropout-gap", { layers, runs })).toEqual([
    "warning at model.layers[1]: In training mode the loss is higher than in inference mode by 13% of the best constant predictor's, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  const learned = [run([0.7, 0.5, 0.45, 0.42], [0.4, 0.32, 0.3, 0.28])];
  expect(diagnoseLines("dropout-gap", { layers, runs: learned })[0]).toMatch(/^note/);
});

test("an epoch that teaches much is no gap, nor is a single one", () => {
  expect(diagnoseLines("dropout-gap", { layers, runs: [run([0.6, 0.3], [0.45, 0.15])] })).toEqual(
    [],
  );
  expect(diagnoseLines("dropout-gap", { layers, runs: [run([0.6], [0.1])] })).toEqual([]);
});

test("without dropout the check has nothing to say", () => {
  expect(diagnoseLines("dropout-gap", { runs: [run([0.7, 0.7], [0.3, 0.3])] })).toEqual([]);
  expect(diagnoseLines("dropout-gap", { layers, runs: [{}] })).toEqual([
    "not measured: inferenceLoss",
  ]);
});
