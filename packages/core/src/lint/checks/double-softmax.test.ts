import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const softmax = [{ units: 2, activation: "softmax" as const }];
const fromLogits = (name: string) => ({ loss: { name, fromLogits: true } });

test("a softmax whose outputs are read as logits cannot come below a known loss", () => {
  const change = { layers: softmax, train: fromLogits("sparseCategoricalCrossentropy") };
  expect(lintLines("double-softmax", change)).toEqual([
    // log(1 + exp(-1))
    "warning at model.layers[0]: The head ends in softmax and the loss reads its outputs as logits: they are squashed twice, and the loss cannot fall below 0.313.",
  ]);
  expect(afterInterventions("double-softmax", change)).toEqual({ "not-from-logits": [] });
});

test("a sigmoid twice is found too", () => {
  const [line] = lintLines("double-softmax", { train: fromLogits("binaryCrossentropy") });
  // (log 2 + log(1 + exp(-1))) / 2, over even classes
  expect(line).toContain("The head ends in sigmoid and the loss reads its outputs as logits");
  expect(line).toContain("0.503");
});

test("logits read as logits, and probabilities read as probabilities, are as they should be", () => {
  const train = fromLogits("binaryCrossentropy");
  expect(lintLines("double-softmax", { layers: [{ units: 1 }], train })).toEqual([]);
  expect(lintLines("double-softmax", {})).toEqual([]);
});
