// The doctor from end to end, on the CPU engine: small tables, few seeds, real training.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createSimdEngine } from "../src/engine/simd/index.ts";
import { type BenchmarkCase, readBenchmark } from "../src/evaluate/benchmark-case.ts";
import { caseSpec } from "../src/evaluate/case-spec.ts";
import { catalogueCases } from "../src/evaluate/catalogue/catalogue.ts";
import type { Incumbent } from "../src/prove/incumbent.ts";
import { runDiagnosis } from "../src/run-diagnosis.ts";
import { normalAt } from "../src/shared/random.ts";
import type { SpecInput } from "../src/spec/spec.ts";

const PUBLISHED = new URL("../../../test-fixtures/benchmark/published.json", import.meta.url);

/** Two classes in a plane, one around (1, 1) and one around (-1, -1). */
function blobs(rows: number, scale = 1, labelled = true): SpecInput["data"] {
  const classOf = (i: number) => i % 2;
  return {
    source: {
      kind: "inline",
      rows: Array.from({ length: rows }, (_, i) =>
        [0, 1].map(
          (j) => scale * ((classOf(i) ? 1 : -1) * Number(labelled) + normalAt(7, 1, 2 * i + j)),
        ),
      ),
      labels: Array.from({ length: rows }, (_, i) =>
        labelled ? classOf(i) : Number(normalAt(8, 2, i) > 0),
      ),
    },
    split: { testSize: 0.25 },
  };
}

function specOf(data: SpecInput["data"], change: Partial<SpecInput> = {}): SpecInput {
  return {
    name: "blobs",
    data,
    model: {
      layers: [
        { units: 8, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", learningRate: 0.02, epochs: 20, batchSize: 16 },
    ...change,
  };
}

async function diagnosisOf(spec: SpecInput) {
  const engine = await createSimdEngine({ reason: "A test." });
  const { report } = await runDiagnosis(spec, engine, { seeds: 12 });
  return { report, diagnosis: report.diagnosis! };
}

describe("a diagnosis", () => {
  test("of a healthy network says so and nothing else", async () => {
    const { report, diagnosis } = await diagnosisOf(specOf(blobs(240)));
    expect(diagnosis).toMatchObject({
      outcome: "healthy",
      causes: [],
      dismissed: [],
      prescription: null,
    });
    expect(report.proofs).toEqual([]);
    expect(Object.keys(report.variants)).toEqual(["baseline"]);
  });

  test("names what is wrong, proves what mends it, and hands out the mended spec", async () => {
    const spec = specOf(blobs(240, 1e4), {
      train: {
        loss: "binaryCrossentropy",
        optimizer: "sgd",
        learningRate: 0.1,
        epochs: 30,
        batchSize: 16,
      },
    });
    const { report, diagnosis } = await diagnosisOf(spec);
    expect(diagnosis.outcome).toBe("fixed");
    expect(diagnosis.causes[0]).toMatchObject({
      id: "unscaled-features",
      because: "proved",
      rank: 1,
    });
    expect(diagnosis.prescription).toMatchObject({ interventions: ["standardize"] });
    expect(diagnosis.prescription!.spec.data.preprocess).toEqual(["standardize"]);
    expect(diagnosis.prescription!.spec.data.source).toEqual(spec.data.source);
    const [proof] = report.proofs;
    expect(proof).toMatchObject({ verdict: "fixes", on: "test", n: 12, metric: "accuracy" });
    expect(proof.ci95![0]).toBeGreaterThan(0);
    expect(Object.keys(report.variants)).toEqual(["baseline", "prescribed"]);
    expect(report.variants.prescribed.final.valAccuracy.mean).toBeCloseTo(proof.treated.mean!, 6);
  });

  test("of coin flips says that nothing can help, and stops", async () => {
    const { report, diagnosis } = await diagnosisOf(specOf(blobs(900, 1, false)));
    expect(diagnosis.outcome).toBe("no-signal");
    expect(diagnosis.causes.map(({ id }) => id)).toEqual(["no-signal"]);
    expect(report.proofs).toEqual([]);
  });

  test("of a rate that is far too low names it, the same way twice", async () => {
    const train = { loss: "binaryCrossentropy", learningRate: 1e-6, epochs: 10 } as const;
    const spec = specOf(blobs(80), { train });
    const one = await diagnosisOf(spec);
    expect(one.diagnosis.causes.map(({ id }) => id)).toContain("learning-rate-too-low");
    const { rates, loss, best, steps, trainedAt } = one.diagnosis.rateRange!;
    expect([rates[0], rates.at(-1), trainedAt]).toEqual([1e-6, 1, 1e-6]);
    expect(steps).toBeGreaterThanOrEqual(200);
    expect(best).toBeGreaterThanOrEqual(0.01);
    expect(loss[rates.indexOf(best!)]).toBeLessThan(loss[0]! / 2);
    expect((await diagnosisOf(spec)).report).toEqual(one.report);
  });

  test("of a network that cannot be trained at all mends that first, and proves what it reaches", async () => {
    const data = blobs(240);
    const source = data.source as Extract<SpecInput["data"]["source"], { kind: "inline" }>;
    const counted = { ...source, labels: source.labels.map((label) => Number(label) + 1) };
    const spec = specOf(
      { ...data, source: counted, labels: "indices" },
      {
        model: {
          layers: [
            { units: 8, activation: "relu" },
            { units: 2, activation: "softmax" },
          ],
        },
        train: { loss: "sparseCategoricalCrossentropy", learningRate: 0.02, epochs: 20 },
      },
    );
    const { diagnosis } = await diagnosisOf(spec);
    expect(diagnosis.outcome).toBe("fixed");
    expect(diagnosis.causes[0]).toMatchObject({ id: "label-encoding", because: "certain" });
    expect(diagnosis.prescription).toMatchObject({
      interventions: ["number-classes"],
      patch: { data: { labels: "names" } },
      proof: { verdict: "fixes", n: 12, baseline: { failed: { k: 12, n: 12 } } },
    });
    expect(diagnosis.answer).toContain("it cannot be trained");
  });

  test("of a network that no check finds fault with tries what people try with any", async () => {
    const unit = catalogueCases().find(({ id }) => id === "case-22-xor-one-unit")!;
    const { report, diagnosis } = await diagnosisOf(caseSpec(unit, {}) as SpecInput);
    expect(report.findings).toEqual([]);
    expect(diagnosis.outcome).toBe("fixed");
    expect(diagnosis.causes.map(({ id }) => id)).toEqual(["too-small-network"]);
  });

  test("goes on where a few pairs took something for enough that fails on other seeds", async () => {
    const { cases, generators } = readBenchmark(JSON.parse(readFileSync(PUBLISHED, "utf8")));
    const codes = cases.find(({ id }) => id === "so-39525358-ascii-codes") as BenchmarkCase;
    const { report, diagnosis } = await diagnosisOf(caseSpec(codes, generators) as SpecInput);
    const tried = report.proofs.map(({ intervention }) => intervention);
    expect(tried.filter((name) => name.endsWith(", put on standardize"))).not.toEqual([]);
    expect(diagnosis.prescription!.interventions.length).toBeGreaterThan(1);
    expect(diagnosis.prescription!.proof.verdict).toBe("fixes");
  });

  test("of rows too few to tell others by says so, and what makes the network learn them all the same", async () => {
    const classes = 40;
    const data: SpecInput["data"] = {
      source: {
        kind: "inline",
        rows: Array.from({ length: 4 * classes }, (_, i) =>
          Array.from({ length: 10 }, (_, j) => normalAt(11, 3, 10 * i + j)),
        ),
        labels: Array.from({ length: 4 * classes }, (_, i) => i % classes),
      },
      split: { testSize: 0.25, stratify: true },
    };
    const tiny = {
      kernelInitializer: { name: "randomUniform", minval: -0.001, maxval: 0.001 },
    } as const;
    const { diagnosis } = await diagnosisOf(
      specOf(data, {
        model: {
          layers: [
            { units: 64, activation: "relu", ...tiny },
            { units: 64, activation: "relu", ...tiny },
            { units: classes, activation: "softmax", ...tiny },
          ],
        },
        train: {
          loss: "sparseCategoricalCrossentropy",
          learningRate: 0.003,
          epochs: 40,
          batchSize: 16,
        },
      }),
    );
    expect(diagnosis.outcome).toBe("helped");
    expect(diagnosis.causes[0].id).toBe("too-little-data");
    expect(diagnosis.prescription!.proof).toMatchObject({ on: "training", verdict: "fixes" });
    expect(diagnosis.answer).toContain("too few to tell others by");
  });

  test("holds what lint asks for before it trains, then what was tried, then what is proved", async () => {
    const engine = await createSimdEngine({ reason: "A test." });
    const held: Incumbent[] = [];
    const spec = specOf(blobs(240, 1e4));
    await runDiagnosis(spec, engine, { seeds: 12, onHeld: (incumbent) => held.push(incumbent) });
    expect(held[0]).toMatchObject({ modelSteps: 0, interventions: "standardize" });
    expect(held.at(-1)!.interventions).toBe("standardize");
    const steps = held.map(({ modelSteps }) => modelSteps);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBeGreaterThan(0);
  });

  test("of rows in the order of their classes says that another split judges the change", async () => {
    const sorted = catalogueCases().find(({ id }) => id === "case-37-sorted-rows")!;
    const { diagnosis } = await diagnosisOf(caseSpec(sorted, {}) as SpecInput);
    expect(diagnosis.prescription!.interventions).toEqual(["shuffle-split"]);
    expect(diagnosis.answer).toContain("on test parts of their own, because the split changes");
  });

  test("of columns that repeat each other names them, and turns them into directions", async () => {
    // What tells the classes is a twentieth of what both columns share.
    const parts = Array.from({ length: 320 }, (_, i) => [normalAt(3, 1, i), normalAt(4, 2, i)]);
    const { diagnosis } = await diagnosisOf(
      specOf(
        {
          source: {
            kind: "inline",
            rows: parts.map(([shared, own]) => [shared + own / 20, shared - own / 20]),
            labels: parts.map(([, own]) => Number(own > 0)),
          },
          split: { testSize: 0.25 },
          preprocess: ["standardize"],
        },
        { train: { loss: "binaryCrossentropy", optimizer: "sgd", learningRate: 0.02, epochs: 20 } },
      ),
    );
    expect(diagnosis.outcome).toBe("fixed");
    expect(diagnosis.causes.map(({ id }) => id)).toContain("correlated-features");
    const { interventions } = diagnosis.prescription!;
    expect(interventions).toContain("decorrelate");
  });

  test("of cells that are missing and columns of any size mends both, though one hides the other", async () => {
    const data = blobs(240, 3000);
    const source = data.source as Extract<SpecInput["data"]["source"], { kind: "inline" }>;
    const rows = source.rows.map((row, i) => (i % 9 === 0 ? [null, ...row.slice(1)] : row));
    const { diagnosis } = await diagnosisOf(specOf({ ...data, source: { ...source, rows } }));
    expect(diagnosis.outcome).toBe("fixed");
    expect(
      diagnosis.causes
        .map(({ id }) => id)
        .slice(0, 2)
        .sort(),
    ).toEqual(["missing-values", "unscaled-features"]);
    expect(diagnosis.prescription!.interventions).toEqual(["impute-median", "standardize"]);
  });
});
