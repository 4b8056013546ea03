import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { createSimdEngine } from "../engine/simd/index.ts";
import type { Report } from "../report/report.ts";
import { type BenchmarkCaseInput, benchmarkCaseSchema, readBenchmark } from "./benchmark-case.ts";
import { type Diagnose, evaluateCase } from "./evaluate-case.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await createSimdEngine({ reason: "A test." });
});

/** Two clouds that a network tells apart in no time, at a rate that gets nowhere. */
const SLOW: BenchmarkCaseInput = {
  id: "too slow",
  task: "binary",
  data: {
    generator: "make_blobs",
    params: {
      n_samples: 120,
      centers: 2,
      n_features: 2,
      cluster_std: 1,
      random_state: 3,
    },
    target: "int01",
    split: { testFraction: 0.5 },
  },
  layers: [{ units: 8, activation: "relu" }],
  output: { units: 1, activation: "sigmoid" },
  loss: "binary_crossentropy",
  optimizer: { name: "adam", lr: 1e-6 },
  batch: 16,
  epochs: 30,
  faults: [{ code: "LR_LOW", severity: "root" }],
  fix: [{ set: "optimizer.lr", value: 0.05 }],
};

const FASTER = { train: { learningRate: 0.05 } };

/** Names the rate, with a proof, and prescribes a patch. */
function saying(patch: object): Diagnose {
  const cause = {
    id: "learning-rate-too-low",
    rank: 1,
    because: "proved",
    interventions: ["faster"],
  };
  const proof = {
    cause: cause.id,
    intervention: "faster",
    verdict: "fixes",
    effect: 1,
    patch,
  };
  const diagnosis = {
    outcome: "fixed",
    answer: "",
    causes: [cause],
    prescription: {
      interventions: ["faster"],
      ablation: [],
      patch,
      proof: { metric: "accuracy" },
    },
    modelSteps: 5,
  };
  return async () => ({ report: { proofs: [proof], diagnosis } as unknown as Report });
}

let clock = 0;
const now = () => clock++;

const evaluate = (written: object, diagnose: Diagnose) =>
  evaluateCase(benchmarkCaseSchema.parse({ ...SLOW, ...written }), {}, { diagnose, engine, now });

test("a right diagnosis is right, and mends on seeds it has not seen", async () => {
  const score = await evaluate({}, saying(FASTER));
  expect(score).toMatchObject({
    status: "scored",
    kind: "faulty",
    rank: 1,
    repair: { verdict: "fixed" },
    claim: { holds: true, on: "accuracy", freshData: null },
    seconds: 1,
    modelSteps: 5,
  });
  expect(score.repair!.asIs.mean).toBeLessThan(0.8);
  expect(score.repair!.withFix).toBeGreaterThan(0.95);
});

test("a claimed improvement that is none is a false claim, on a control an alarm too", async () => {
  const optimizer = { name: "adam", lr: 0.05 };
  const control = { control: true, optimizer, faults: [], fix: [] };
  const score = await evaluate(control, saying({ train: { batchSize: 15 } }));
  expect(score).toMatchObject({ falseAlarm: true, claim: { holds: false } });
  expect(score.named[0]).toMatchObject({ counts: "wrong", why: "its proof does not hold" });
});

test("a healthy network's improvement has to be there on fresh data", async () => {
  const score = await evaluate({ control: true, faults: [], fix: [] }, saying(FASTER));
  expect(score).toMatchObject({ falseAlarm: false, claim: { holds: true } });
  expect(score.claim!.freshData).toBeGreaterThan(0.1);
});

test("a diagnosis that breaks down has named nothing", async () => {
  const score = await evaluate({}, () => Promise.reject(new Error("lost\nmore")));
  expect(score).toMatchObject({
    status: "failed",
    reason: "lost",
    rank: null,
    repair: { verdict: "nothing-prescribed" },
  });
});

test.each([
  [{ task: "multilabel", data: { generator: "bits_mod", target: "multihot" } }, "multihot"],
  [{ data: { ...SLOW.data, params: { centers: "three" } } }, "settings of make_blobs"],
  [{ loss: "crps" }, "loss crps"],
  [{ epochs: 0 }, "train.epochs: is 0"],
  [{ optimizer: { name: "shampoo", lr: 1 } }, "shampoo"],
])("%j is refused with a reason", async (written, reason) => {
  const score = await evaluate(written, saying({}));
  expect(score.status).toBe("refused");
  expect(score.reason).toContain(reason);
});

test("what is not to be trained is linted", async () => {
  const score = await evaluate({ checkScale: { skip: true } }, saying({}));
  expect(score).toMatchObject({
    status: "lint-only",
    reason: "too-few-steps",
  });
});

test("a case that is not in the form hides no other, and fields that nobody knows are passed over", async () => {
  const file = readBenchmark({
    news: 1,
    cases: [{ id: "odd", epochs: "many" }, 7, { ...SLOW, mood: "blue" }],
  });
  expect(file.cases.map(({ id }) => id)).toEqual(["odd", "case 2", "too slow"]);
  const [odd] = file.cases;
  const score = await evaluateCase(odd, {}, { diagnose: saying({}), engine, now });
  expect(score).toMatchObject({ status: "refused", reason: expect.stringContaining("task") });
  expect(() => readBenchmark({ cases: [] })).toThrow("this is no file of benchmark cases: cases");
});
