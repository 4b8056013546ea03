import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const RELU = { units: 8, activation: "relu" as const };
const HEAD = { units: 1, activation: "sigmoid" as const };
const activation = (name: "relu" | "sigmoid" | "linear") => ({
  type: "activation" as const,
  activation: name,
});

test.each([
  [
    "relu in front of the head's sigmoid",
    [RELU, { units: 1, activation: "relu" as const }, activation("sigmoid")],
  ],
  [
    "two activations behind one layer",
    [{ units: 8 }, activation("sigmoid"), activation("relu"), HEAD],
  ],
])("%s", (_, layers) => {
  const [line] = lintLines("stacked-activations", { layers });
  expect(line).toMatch(/ act on the same \d units; the first takes away what the second needs\.$/);
  expect(afterInterventions("stacked-activations", { layers })).toEqual({ "one-activation": [] });
});

test("softmax on a hidden layer", () => {
  const layers = [{ units: 8, activation: "softmax" as const }, HEAD];
  expect(lintLines("stacked-activations", { layers })).toEqual([
    "warning at model.layers[0]: Softmax on a hidden layer makes its 8 units share a sum of 1, so next to nothing gets through.",
  ]);
  expect(afterInterventions("stacked-activations", { layers })).toEqual({ "relu-hidden": [] });
});

test("one activation per layer, linear not counted", () => {
  expect(lintLines("stacked-activations", { layers: [RELU, activation("linear"), HEAD] })).toEqual(
    [],
  );
});
