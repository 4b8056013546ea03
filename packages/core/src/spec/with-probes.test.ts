import { expect, test } from "vitest";
import { parseSpec } from "./parse-spec.ts";
import { withProbes } from "./with-probes.ts";

const bare = parseSpec({
  name: "probed",
  data: { source: { kind: "inline", rows: [[0], [1]], labels: [0, 1] } },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
  train: { loss: "binaryCrossentropy", epochs: 3 },
});

test("nobody asks: the spec itself", () => {
  expect(withProbes(bare, [])).toBe(bare);
});

test("signals are joined in the order of the vocabulary, the shortest interval counts", () => {
  const own = { ...bare, probes: { signals: ["learningRate" as const], everySteps: 7 } };
  const asked = withProbes(own, [
    { signals: ["gradientNorm", "learningRate"], everySteps: 30, everyEpochs: 2 },
    { signals: ["deadShare"] },
  ]);
  expect(asked.probes).toEqual({
    signals: ["gradientNorm", "deadShare", "learningRate"],
    everySteps: 7,
    everyEpochs: 2,
  });
  expect(parseSpec(asked)).toEqual(asked);
});
