// A report with a diagnosis, for tests of renderings: what `clab diagnose` finds on an unscaled
// table, with every field of a diagnosis filled in.

import type { Finding } from "../src/lint/finding.ts";
import type { ArmSummary, Proof } from "../src/prove/proof.ts";
import type { DiagnosisReport } from "../src/report/diagnosis-report.ts";
import { makeReport } from "../src/report/make-report.ts";
import type { CurveBand, Report } from "../src/report/report.ts";
import type { SpecInput } from "../src/spec/spec.ts";
import { type RunTable, traceOf } from "./trace-of.ts";

const SEEDS = 10;

export const diagnosedSpec: SpecInput = {
  version: 1,
  name: "wine",
  data: {
    source: {
      kind: "table",
      path: "wine.csv",
      target: "class",
      drop: ["ash"],
      missing: ["?"],
      digest: "5e5f",
    },
    split: { testSize: 0.2, randomState: 42, stratify: true },
  },
  model: {
    layers: [
      { units: 64, activation: "relu" },
      { units: 32, activation: "relu" },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "binaryCrossentropy", optimizer: "adam", learningRate: 0.001, epochs: 100 },
  seeds: { training: SEEDS },
};

const prescribedSpec: SpecInput = {
  ...diagnosedSpec,
  data: { ...diagnosedSpec.data, preprocess: ["standardize"] },
};

const unscaled: Finding = {
  id: "unscaled-features",
  severity: "warning",
  variants: ["baseline"],
  where: "data.preprocess",
  says: "Features reach the network unscaled: proline has a standard deviation of 315, alcohol of 0.81.",
  evidence: ["largest standard deviation 315, of proline (limit 10)"],
  ruledOut: ["missing values"],
  interventions: [
    {
      id: "standardize",
      says: "bring every column to mean 0 and standard deviation 1",
      patch: { data: { preprocess: ["standardize"] } },
    },
  ],
};

function arm(mean: number | null, failed: number, n = SEEDS): ArmSummary {
  return { n, mean, sd: mean === null ? null : 0.03, failed: { k: failed, n } };
}

function proof(change: Partial<Proof> & Pick<Proof, "intervention" | "verdict">): Proof {
  return {
    cause: "unscaled-features",
    finding: "unscaled-features",
    says: "bring every column to mean 0 and standard deviation 1",
    patch: { data: { preprocess: ["standardize"] } },
    on: "validation",
    metric: "balancedAccuracy",
    n: SEEDS,
    baseline: arm(0.55, 6),
    treated: arm(0.97, 0),
    effect: 0.42,
    ci95: [0.36, 0.48],
    p: 0.0004,
    ...change,
  };
}

const proofs: readonly Proof[] = [
  proof({ intervention: "standardize", verdict: "fixes" }),
  proof({
    cause: "learning-rate-too-high",
    finding: "learning-rate-too-high",
    intervention: "learning-rate-0.0001",
    says: "divide the learning rate by 10",
    patch: { train: { learningRate: 0.0001 } },
    treated: arm(0.61, 4),
    effect: 0.06,
    ci95: [-0.02, 0.14],
    p: 0.31,
    verdict: "undecided",
  }),
  proof({
    cause: "hidden-activation",
    finding: "dead-units",
    intervention: "leaky-relu",
    says: "let hidden units pass a little where they are off",
    patch: {},
    treated: arm(null, 10),
    effect: null,
    ci95: null,
    p: null,
    verdict: "harms",
  }),
];

const diagnosis: DiagnosisReport = {
  outcome: "fixed",
  answer:
    "The network does not converge because its features are not scaled: proline is in the hundreds and drowns the other column. Standardizing the columns fixes it: accuracy on rows it has never seen rises from 0.55 to 0.97.",
  causes: [
    {
      rank: 1,
      id: "unscaled-features",
      where: "data.preprocess",
      says: "One column is 390 times as wide as another.",
      because: "proved",
      certain: false,
      findings: ["unscaled-features"],
      evidence: ["standard deviation of proline 315, of alcohol 0.81"],
      against: ["4 of 10 seeds learn in spite of it"],
      ruledOut: ["a learning rate too high: a tenth of it does not help"],
      interventions: ["standardize"],
    },
  ],
  dismissed: [
    {
      id: "learning-rate-too-high",
      findings: ["learning-rate-too-high"],
      why: "a tenth of the rate is not proved to help, and with standardized columns the rate does no harm",
    },
  ],
  learnability: {
    majority: 0.5,
    best: { name: "nearest neighbours", accuracy: 0.96 },
    baselines: [
      { name: "majority", accuracy: 0.5, ci95: [0.33, 0.67] },
      { name: "logistic regression", accuracy: 0.93, ci95: [0.79, 0.98] },
      { name: "nearest neighbours", accuracy: 0.96, ci95: [0.83, 0.99] },
    ],
    p: 0.005,
    verdict: "signal",
  },
  rateRange: {
    rates: [0.0001, 0.001, 0.01, 0.1, 1],
    loss: [0.69, 0.68, 0.66, 0.61, null],
    steps: 200,
    seeds: 2,
    chance: 0.64,
    best: 0.1,
    trainedAt: 0.001,
  },
  prescription: {
    interventions: ["standardize"],
    says: "bring every column to mean 0 and standard deviation 1",
    patch: { data: { preprocess: ["standardize"] } },
    spec: prescribedSpec,
    proof: proof({ intervention: "standardize", verdict: "fixes", on: "test", ci95: [0.33, 0.5] }),
    ablation: [
      proof({
        intervention: "standardize",
        verdict: "fixes",
        effect: 0.42,
        ci95: [0.36, 0.48],
      }),
    ],
    overSplits: proof({ intervention: "standardize", verdict: "fixes", effect: 0.4 }),
  },
  notMeasured: [{ check: "dead-units", variants: ["baseline"], probes: ["deadShare"] }],
  unclear: [],
  modelSteps: 123_456,
};

function runs(loss: readonly number[], accuracy: readonly number[]): RunTable[] {
  return Array.from({ length: SEEDS }, (_, i) => {
    const wobble = 0.01 * ((i * 7) % 10);
    const moved = loss.map((value) => value + wobble);
    return {
      loss: moved,
      accuracy,
      valLoss: moved.map((value) => value + 0.02),
      valAccuracy: accuracy,
    };
  });
}

function band(values: readonly number[]): CurveBand {
  return { median: values, low: values.map((v) => v / 2), high: values.map((v) => 2 * v) };
}

/** A report whose diagnosis is changed as a test needs it. */
export function diagnosedReport(change: Partial<DiagnosisReport> = {}): Report {
  const trace = traceOf({
    name: "wine",
    title: "wine.csv: why does it not converge?",
    training: {
      baseline: runs([0.9, 0.75, 0.7, 0.69], [0.5, 0.5, 0.55, 0.55]),
      prescribed: runs([0.6, 0.3, 0.1, 0.05], [0.7, 0.9, 0.96, 0.97]),
    },
  });
  const report = makeReport(trace, [unscaled], proofs);
  const { baseline, prescribed } = report.variants;
  const gradients = (scale: number) => ({
    everySteps: 25,
    layers: [0.2, 0.5, 1].map((layer) => band([8, 4, 2, 1, 0.5].map((v) => v * layer * scale))),
  });
  return {
    ...report,
    variants: {
      baseline: {
        ...baseline,
        classes: ["barolo", "grignolino"],
        gradients: gradients(100),
        confusion: {
          valConfusion: [
            [28, 2],
            [25, 5],
          ],
        },
      },
      prescribed: {
        ...prescribed,
        classes: ["barolo", "grignolino"],
        gradients: gradients(1),
        confusion: {
          valConfusion: [
            [29, 1],
            [1, 29],
          ],
        },
      },
    },
    diagnosis: { ...diagnosis, ...change },
  };
}

/** A network with which nothing is wrong. */
export function healthyReport(): Report {
  const report = diagnosedReport({
    outcome: "healthy",
    answer:
      "Nothing is wrong: the network learns in all 10 seeds, and nothing that was tried is better.",
    causes: [],
    dismissed: [],
    prescription: null,
    notMeasured: [],
  });
  const { baseline } = report.variants;
  return { ...report, variants: { baseline }, findings: [], proofs: [] };
}
