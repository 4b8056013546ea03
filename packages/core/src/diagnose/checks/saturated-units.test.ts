import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const layers = (["tanh", "sigmoid", "sigmoid"] as const).map((activation, i) => ({
  units: i === 2 ? 1 : 16,
  activation,
}));
const saturated = (first: number[], second: number[]) => [
  { saturatedShare: first },
  { saturatedShare: second },
  { saturatedShare: [1] },
];

test("from the first step on it is the inputs' size, later the training's", () => {
  const runs = [{ layers: saturated([0.9, 0.9], [0.1, 0.1]) }];
  expect(diagnoseLines("saturated-units", { layers, runs })).toEqual([
    "warning at model.layers[0]: 90% of the pre-activations lie on the flat ends of the activation, from the first step on, in 1 of 1 seed (95% 21% to 100%).",
  ]);
  const later = [{ layers: saturated([0, 0.8, 0.8], [0, 0.9, 0.9]) }];
  expect(diagnoseLines("saturated-units", { layers, runs: later })).toEqual([
    "warning at model.layers[0], model.layers[1]: 90% of the pre-activations lie on the flat ends of the activation, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a first layer of 59%, and a sure head, are healthy", () => {
  const runs = [{ layers: saturated([0.59, 0.59], [0, 0]) }];
  expect(diagnoseLines("saturated-units", { layers, runs })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("saturated-units", { runs: [{}] })).toEqual([
    "not measured: saturatedShare",
  ]);
});
