import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const units = (...counts: number[]) => counts.map((count) => ({ distinctUnits: [count] }));

test("copies are named: an error where the layer is one unit", () => {
  expect(diagnoseLines("symmetric-units", { runs: [{ layers: units(1, 16, 1) }] })).toEqual([
    "error at model.layers[0]: Layer 1 has 16 units of which 1 differ; the others are copies and stay so, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  const few = diagnoseLines("symmetric-units", { runs: [{ layers: units(16, 4, 1) }] });
  expect(few[0]).toMatch(/^warning at model.layers\[1\]: Layer 2 has 16 units of which 4/);
});

test("all different is healthy, whatever the head", () => {
  expect(diagnoseLines("symmetric-units", { runs: [{ layers: units(16, 16, 1) }] })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("symmetric-units", { runs: [{}] })).toEqual(["not measured: distinctUnits"]);
});
