import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

test("the tensor, the layer and the step where it began, even with one seed of many", () => {
  const broken = { firstNonFinite: { step: 41, tensor: "gradients", layer: 1 } } as const;
  const fine = { firstNonFinite: null };
  expect(diagnoseLines("non-finite", { runs: [broken, fine, fine, fine] })).toEqual([
    "error at model.layers[1]: Numbers stop being finite at about step 41, first in the gradient of layer 2 of 3, in 1 of 4 seeds (95% 4.6% to 70%).",
  ]);
});

test("in the inputs there is nothing to train", () => {
  const runs = [{ firstNonFinite: { step: 0, tensor: "inputs" } }] as const;
  expect(diagnoseLines("non-finite", { runs })).toEqual([
    "error at train: Numbers stop being finite at the first step, first in the inputs, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("finite numbers pass, and what was not measured does not", () => {
  expect(diagnoseLines("non-finite", { runs: [{ firstNonFinite: null }] })).toEqual([]);
  expect(diagnoseLines("non-finite", { runs: [{}] })).toEqual(["not measured: firstNonFinite"]);
});
