import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const curve = (at: (epoch: number) => number) => ({
  curves: { loss: Array.from({ length: 50 }, (_, i) => at(i)) },
});

test("a straight line has not arrived", () => {
  const slow = curve((i) => 0.72 - 0.001 * i);
  expect(diagnoseLines("loss-still-falling", { runs: [slow] })).toEqual([
    "warning at train.epochs: The loss is still falling when training ends: the last tenth of the epochs brings 11% of the whole fall, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  const far = curve((i) => 0.7 - 0.01 * i);
  expect(diagnoseLines("loss-still-falling", { runs: [far] })[0]).toMatch(/^note/);
});

test("a curve that levels falls to the end, and by little", () => {
  expect(diagnoseLines("loss-still-falling", { runs: [curve((i) => 0.7 * 0.9 ** i)] })).toEqual([]);
});

test("nor does one that is flat, or too short to tell", () => {
  expect(diagnoseLines("loss-still-falling", { runs: [curve(() => Math.LN2)] })).toEqual([]);
  const short = { curves: { loss: [0.7, 0.6, 0.5] } };
  expect(diagnoseLines("loss-still-falling", { runs: [short] })).toEqual([]);
});
