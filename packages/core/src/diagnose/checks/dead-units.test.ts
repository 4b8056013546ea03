import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

test("a layer that is mostly dead is named, a healthy one is not", () => {
  const layers = [{ deadShare: [0.2, 0.6, 0.9] }, { deadShare: [0, 0, 0.1] }, {}];
  expect(diagnoseLines("dead-units", { runs: [{ layers }, { layers }] })).toEqual([
    "warning at model.layers[0]: Up to 60% of the units never fire, in 2 of 2 seeds (95% 34% to 100%).",
  ]);
});

test("half of the units, or half of the seeds, is no finding", () => {
  const half = [{ deadShare: [0.5] }, { deadShare: [0.5] }, {}];
  const dead = [{ deadShare: [0.9] }, { deadShare: [0] }, {}];
  const fine = [{ deadShare: [0] }, { deadShare: [0] }, {}];
  expect(diagnoseLines("dead-units", { runs: [{ layers: half }] })).toEqual([]);
  expect(diagnoseLines("dead-units", { runs: [{ layers: dead }, { layers: fine }] })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("dead-units", { runs: [{}] })).toEqual(["not measured: deadShare"]);
});
