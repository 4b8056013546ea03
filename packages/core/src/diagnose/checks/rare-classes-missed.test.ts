import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const answered = (...counts: number[][]) => ({
  curves: { loss: [0.5], accuracy: [0.9], valLoss: [0.5], valAccuracy: [0.9] },
  confusions: [{ signal: "valConfusion" as const, epoch: 0, counts }],
});

test("half of the rare class is taken for the large one", () => {
  const runs = [answered([98, 2], [20, 20])];
  expect(diagnoseLines("rare-classes-missed", { runs, classCounts: [300, 12] })).toEqual([
    "note at data.source.labels: Of the new rows of rare classes 50% are found, of the others 98%, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a class that is no tenth of the largest is not rare", () => {
  const runs = [answered([98, 2], [20, 20])];
  expect(diagnoseLines("rare-classes-missed", { runs, classCounts: [300, 30] })).toEqual([]);
});

test("a rare class that is found is not missed, and one of two rows tells nothing", () => {
  const found = [answered([98, 2], [2, 38])];
  expect(diagnoseLines("rare-classes-missed", { runs: found, classCounts: [300, 12] })).toEqual([]);
  const few = [answered([98, 2], [1, 1])];
  expect(diagnoseLines("rare-classes-missed", { runs: few, classCounts: [300, 12] })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("rare-classes-missed", { runs: [{}] })).toEqual([
    "not measured: valConfusion",
  ]);
});
