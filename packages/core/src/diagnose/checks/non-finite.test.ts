import { expect, test } from "vitest";
import { diagnoseLines, traceOfCase } from "../../../test/diagnose-case.ts";
import { diagnose } from "../diagnose.ts";

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
    "error at train: Numbers stop being finite at the first step, before any update, first in the inputs, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a network that overflows before any update is not the learning rate's fault", () => {
  const firstNonFinite = { step: 0, tensor: "activations", layer: 1 } as const;
  const { findings } = diagnose(traceOfCase({ runs: [{ firstNonFinite }] }));
  const found = findings.find(({ id }) => id === "non-finite")!;
  expect(found.ruledOut).toContain("the learning rate: no step had been taken");
  expect(found.interventions.map(({ id }) => id)).toEqual(["relu-he"]);
});

test("finite numbers pass, and what was not measured does not", () => {
  expect(diagnoseLines("non-finite", { runs: [{ firstNonFinite: null }] })).toEqual([]);
  expect(diagnoseLines("non-finite", { runs: [{}] })).toEqual(["not measured: firstNonFinite"]);
});
