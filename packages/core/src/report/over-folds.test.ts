import { expect, test } from "vitest";
import { createReferenceEngine } from "../engine/reference/index.ts";
import { runExperiment } from "../run-experiment.ts";
import { asText } from "./as-text.ts";

const rows = Array.from({ length: 20 }, (_, i) => [i % 7, (i * i) % 5]);
const spec = {
  name: "cross",
  data: {
    source: { kind: "inline", rows, labels: rows.map(([a, b]) => Number(a > b)) },
    split: { folds: 4, randomState: 1 },
    preprocess: ["standardize"],
  },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
  train: { loss: "binaryCrossentropy", learningRate: 0.1, epochs: 3 },
  seeds: { training: 2 },
  variants: { slow: { train: { learningRate: 0.001 } }, fast: {} },
  claims: [
    {
      text: "fast is better",
      expect: [{ metric: "valLoss", variant: "fast", is: "lower", than: "slow" }],
    },
  ],
};

test("one word runs all folds, and the report is over folds", async () => {
  const { trace, report } = await runExperiment(spec, createReferenceEngine({ reason: "a test" }));
  expect(trace.runs).toHaveLength(2 * 4 * 2);
  expect(report.seeds).toEqual({
    training: [0, 1],
    data: [0, 1, 2, 3],
    folds: { folds: 4, repeats: 1 },
  });
  const { fast } = report.variants;
  const of = (fold: number) =>
    trace.runs.filter((run) => run.variant === "fast" && run.dataSeed === fold);
  const means = [0, 1, 2, 3].map((fold) => {
    const [a, b] = of(fold).map((run) => run.signals.valLoss!.at(-1)!);
    return (a + b) / 2;
  });
  const mean = means.reduce((a, b) => a + b) / 4;
  const sd = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
  const { valLoss } = fast.final;
  expect(valLoss.n).toBe(4);
  expect(valLoss.mean).toBeCloseTo(mean, 12);
  expect(valLoss.sd).toBeCloseTo(sd, 12);
  // Student's t at 0.975 with 3 degrees is 3.18245; a fold's test rows are 1/3 of its others.
  expect(valLoss.ci95![1] - mean).toBeCloseTo(3.182446305 * sd * Math.sqrt(1 / 4 + 1 / 3), 6);
  expect(asText(report, { color: false })).toContain("16 runs over 4 folds with 2 training seeds");
  const [claim] = report.claims;
  expect(claim.parts.map(({ over, n }) => [over, n])).toEqual([
    ["training seeds", 2],
    ["folds", 4],
  ]);
});

test("folds that are listed as data seeds are trained as such", async () => {
  const listed = { ...spec, seeds: { training: 1, data: [0, 2] }, claims: [] };
  const { trace, report } = await runExperiment(
    listed,
    createReferenceEngine({ reason: "a test" }),
  );
  expect(trace.runs.map(({ dataSeed }) => dataSeed)).toEqual([0, 2, 0, 2]);
  expect(report.seeds.folds).toBeUndefined();
});
