import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const epochs = Array.from({ length: 40 }, (_, i) => i);
const loss = epochs.map((i) => 0.7 * 0.93 ** i);
/** Falls to 0.4 in epoch 10 and then rises by so much an epoch, wavering. */
const rising = (slope: number, waver = 0.002) => ({
  curves: {
    loss,
    valLoss: epochs.map(
      (i) => (i < 10 ? 0.7 - 0.03 * i : 0.4 + slope * (i - 10)) + waver * (i % 2),
    ),
  },
});

test("the epoch where it began", () => {
  expect(diagnoseLines("overfitting", { runs: [rising(0.02)] })).toEqual([
    "warning at train.epochs: Since about epoch 11 of 50 the validation loss rises while the training loss falls, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  expect(diagnoseLines("overfitting", { runs: [rising(0.005)] })[0]).toMatch(/^note/);
});

test("a loss that levels or wavers does not overfit, nor one of which the training loss rises too", () => {
  expect(diagnoseLines("overfitting", { runs: [rising(0)] })).toEqual([]);
  expect(diagnoseLines("overfitting", { runs: [rising(0.001)] })).toEqual([]);
  expect(diagnoseLines("overfitting", { runs: [rising(0.004, 0.15)] })).toEqual([]);
  const { valLoss } = rising(0.008).curves;
  const both = { curves: { loss: epochs.map((i) => Math.abs(i - 10) / 50 + 0.1), valLoss } };
  expect(diagnoseLines("overfitting", { runs: [both] })).toEqual([]);
});

test("rows that are learned while new ones are answered worse than by a constant", () => {
  const valLoss = epochs.map(() => 0.75);
  expect(diagnoseLines("overfitting", { runs: [{ curves: { loss, valLoss } }] })).toEqual([
    "warning at train.epochs: The training rows are learned, and the validation loss ends above the best constant predictor's, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("without a validation part there is nothing to say", () => {
  const chance = { loss: Math.LN2, accuracy: 0.5 };
  expect(diagnoseLines("overfitting", { runs: [{ curves: { loss } }], chance })).toEqual([]);
});
