import { expect, test } from "vitest";
import { SpecError } from "../spec/errors.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { PROBES } from "../spec/probe-names.ts";
import { compile, loadDatasets } from "./compile.ts";

const SOUND_DATA = {
  source: {
    kind: "numpy",
    features: { rand: [20, 3] },
    labels: { randint: { low: 0, high: 2, size: 20 } },
  },
  split: { testSize: 0.2 },
};

function planOf(overrides: Record<string, unknown>) {
  const spec = parseSpec({
    name: "plan",
    data: SOUND_DATA,
    model: {
      layers: [
        { units: 4, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", epochs: 2 },
    seeds: { training: 3, data: 2 },
    ...overrides,
  });
  return compile(spec, loadDatasets(spec));
}

test("training seeds and data seeds share their first run", () => {
  const seeds = planOf({}).runs.map((run) => [run.trainingSeed, run.dataSeed]);
  expect(seeds).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [1, 1],
  ]);
});

test("data that cannot be used is told once for all variants that share it, by its place", () => {
  const split = { testSize: 0.99 };
  const make = () =>
    planOf({
      variants: {
        first: { data: { split } },
        second: { data: { drop: ["id"] } },
        third: { data: { drop: ["id"], preprocess: ["minMax"] } },
        healthy: {},
      },
    });
  expect(make).toThrow(SpecError);
  expect(make).toThrow(
    /^variants\.first\.data\.split: .* leaves none .*\nvariants\.second\.data\.drop: names "id".*\nvariants\.third\.data\.drop: names "id".*$/,
  );
  const shared = { ...SOUND_DATA, split };
  const variants = { first: {}, second: { data: { preprocess: ["minMax"] } } };
  expect(() => planOf({ data: shared, variants })).toThrow(/^data\.split: .*$/);
});

test("learning rates share a bucket, shapes do not", () => {
  const plan = planOf({
    variants: {
      slow: { train: { learningRate: 1e-4 } },
      fast: { train: { learningRate: 0.1 } },
      linear: { model: { layers: [{ units: 1, activation: "sigmoid" }] } },
    },
  });
  expect(plan.buckets.map((bucket) => bucket.runs.length)).toEqual([8, 4]);
  expect(plan.datasets).toHaveLength(2);
  expect(new Set(plan.runs.map((run) => run.hyper.learningRate))).toEqual(
    new Set([1e-4, 0.1, 1e-3]),
  );
});

test("a run keeps its id in another population", () => {
  const few = planOf({ seeds: { training: 1 } });
  const many = planOf({ seeds: { training: 9 } });
  expect(many.runs[0].id).toBe(few.runs[0].id);
  expect(new Set(many.runs.map((run) => run.id)).size).toBe(9);
});

test("variants with equal settings keep their runs apart", () => {
  const { runs } = planOf({ variants: { one: {}, same: {} }, seeds: { training: 2 } });
  expect(new Set(runs.map((run) => run.id)).size).toBe(4);
});

test("parameters lie kernel, bias, layer after layer", () => {
  const { layout } = planOf({}).buckets[0].network;
  expect(layout.tensors.map(({ kind, shape, offset }) => [kind, shape.join("x"), offset])).toEqual([
    ["kernel", "3x4", 0],
    ["bias", "4", 12],
    ["kernel", "4x1", 16],
    ["bias", "1", 20],
  ]);
  expect(layout.size).toBe(21);
});

test("probes of a bucket: what the spec asks for, 64 times in its longest run", () => {
  expect(planOf({}).buckets[0]).not.toHaveProperty("probes");
  const train = { loss: "binaryCrossentropy", epochs: 100, batchSize: 4 };
  // 16 rows in 4 batches: 400 steps.
  expect(planOf({ train, probes: ["learningRate", "deadShare"] }).buckets[0].probes).toEqual({
    signals: ["deadShare", "learningRate"],
    everySteps: 7,
    everyEpochs: 10,
  });
  const probes = { signals: "all", everySteps: 1000, everyEpochs: 3 };
  expect(planOf({ train, probes }).buckets[0].probes).toEqual({ ...probes, signals: PROBES });
});
