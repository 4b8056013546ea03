import { describe, expect, test } from "vitest";
import { type RunTable, traceOf } from "../../test/trace-of.ts";
import { asJson } from "./as-json.ts";
import { cautions } from "./cautions.ts";
import { makeReport } from "./make-report.ts";
import { summarize } from "./summarize.ts";

/** Three runs that learn and one that diverges after its second epoch. */
const MIXED: RunTable[] = [
  { loss: [0.7, 0.5, 0.25], accuracy: [0.5, 0.75, 1] },
  { loss: [0.7, 0.5, 0.5], accuracy: [0.5, 0.75, 1] },
  { loss: [0.7, 0.5, 0.75], accuracy: [0.5, 0.75, 0.5] },
  { loss: [0.7, 8, Number.NaN], accuracy: [0.5, 0.25, Number.NaN] },
];

test("final values are those of the last epoch; a diverged run is counted and left out", () => {
  const { net } = makeReport(traceOf({ training: { net: MIXED } }), []).variants;
  expect(net.final.loss).toMatchObject({
    n: 4,
    nonFinite: 1,
    mean: 0.5,
    sd: 0.25,
    median: 0.5,
    min: 0.25,
    max: 0.75,
  });
  // 0.5 -+ t(0.975, 2) 0.25 / sqrt(3), t = 4.302653.
  expect(net.final.loss.ci95![0]).toBeCloseTo(0.5 - (4.302653 * 0.25) / Math.sqrt(3), 5);
  expect(net.converged).toMatchObject({ k: 2, n: 4 });
  expect(net.diverged).toMatchObject({ k: 2, n: 4 });
});

test("a run that diverged in its first epoch counts as not finite", () => {
  const { net } = makeReport(traceOf({ training: { net: [null, null] } }), []).variants;
  expect(net.final.valLoss).toEqual({
    n: 2,
    nonFinite: 2,
    mean: null,
    sd: null,
    median: null,
    min: null,
    max: null,
    ci95: null,
  });
  expect(net.diverged.k).toBe(2);
  expect(net.curves).toEqual({});
});

test("a metric that was not measured has n = 0, no curve and no level", () => {
  const chance = { loss: 0.5, accuracy: 0.5 };
  const { net } = makeReport(traceOf({ chance, training: { net: MIXED } }), []).variants;
  expect(net.final.valLoss).toMatchObject({ n: 0, nonFinite: 0, mean: null, ci95: null });
  expect(Object.keys(net.curves)).toEqual(["loss", "accuracy"]);
  expect(Object.keys(net.againstChance)).toEqual(["loss", "accuracy"]);
});

test("the band is the median and the 10th and 90th percentile over the finite runs", () => {
  const { net } = makeReport(traceOf({ training: { net: MIXED } }), []).variants;
  expect(net.curves.loss).toEqual({
    median: [0.7, 0.5, 0.5],
    low: [0.7, 0.5, 0.3],
    high: [0.7, 5.75, 0.7],
  });
});

test("epochs without a finite run are null, and so are those that only other runs have", () => {
  const training = { net: [{ loss: [1, Number.POSITIVE_INFINITY, 0.5] }, { loss: [2] }] };
  const { net } = makeReport(traceOf({ training }), []).variants;
  expect(net.curves.loss?.median).toEqual([1.5, null, 0.5]);
});

test("only runs on the data as written are summarized; both kinds of seeds are listed", () => {
  const flat = (value: number): RunTable => ({ loss: [value] });
  const trace = traceOf({
    training: { net: [flat(1), flat(2)] },
    data: { net: [flat(90), flat(80)] },
  });
  const report = makeReport(trace, []);
  expect(report.seeds).toEqual({ training: [0, 1], data: [0, 1, 2] });
  expect(report.variants.net.final.loss).toMatchObject({ n: 2, mean: 1.5 });
});

describe("against chance", () => {
  const final = (loss: number): RunTable => ({ loss: [loss] });
  const eight = (loss: number) => Array.from({ length: 8 }, (_, i) => final(loss + 0.01 * i));

  test("is paired over data seeds where there are six", () => {
    const trace = traceOf({
      training: { net: eight(0.5) },
      data: { net: eight(0.89).slice(0, 6) },
    });
    const { loss } = makeReport(trace, []).variants.net.againstChance;
    expect(loss).toMatchObject({ n: 7, over: "data seeds" });
    // The chance level of these runs is 0.69.
    expect(loss?.effect).toBeCloseTo(0.22, 6);
  });

  test("else over training seeds", () => {
    const trace = traceOf({ training: { net: eight(0.5) }, data: { net: [final(1)] } });
    const { loss } = makeReport(trace, []).variants.net.againstChance;
    expect(loss).toMatchObject({ n: 8, over: "training seeds" });
    expect(loss?.effect).toBeCloseTo(-0.155, 6);
    expect(loss?.ci95?.[1]).toBeCloseTo(-0.12, 6);
  });

  test("equal to the constant is equal, though one is float32 and the other float64", () => {
    const trace = traceOf({ training: { net: Array(8).fill({ loss: [0.69], accuracy: [0.51] }) } });
    const { accuracy } = makeReport(trace, []).variants.net.againstChance;
    expect(accuracy).toMatchObject({ effect: 0, ci95: [0, 0] });
  });

  test("a diverged run has no number", () => {
    const trace = traceOf({ training: { net: Array(8).fill(null) } });
    expect(makeReport(trace, []).variants.net.againstChance.loss).toEqual({
      effect: null,
      ci95: [null, null],
      n: 8,
      over: "training seeds",
    });
  });
});

test("an interrupted training is reported as far as it went", () => {
  const trace = traceOf({ training: { done: MIXED, notYet: [] }, planned: 8 });
  const report = makeReport(trace, []);
  expect(report.runs).toEqual({ planned: 8, finished: 4 });
  expect(report.variants.notYet.chance).toBeNull();
  expect(report.variants.notYet.converged).toEqual({ k: 0, n: 0, ci95: [0, 1] });
});

test("settings are the resolved ones, without Keras's defaults of a loss and an optimizer", () => {
  const { settings } = makeReport(traceOf({ training: { net: MIXED } }), []).variants.net;
  expect(settings.data).toBe(
    "numpy, seed 42, features (rand 1000 x 20), labels (randint (low 0, high 2, size 1000)); split (testSize 0.2, randomState 42, stratify false), preprocess none",
  );
  expect(settings.training).toMatch(
    /^loss binaryCrossentropy, optimizer adam, learningRate 0\.001, epochs /,
  );
});

describe("as JSON", () => {
  const report = makeReport(traceOf({ training: { net: MIXED, dead: [null] } }), []);

  test("it is the report, and holds no NaN and no infinity", () => {
    expect(JSON.parse(asJson(report))).toEqual(report);
    expect(asJson(report)).not.toMatch(/NaN|Infinity/);
  });

  test("the same trace gives the same bytes", () => {
    const again = makeReport(traceOf({ training: { net: MIXED, dead: [null] } }), []);
    expect(asJson(again)).toBe(asJson(report));
  });

  test("starts with its version and keeps a list of numbers on one line", () => {
    expect(asJson(report)).toMatch(/^\{\n {2}"version": 1,\n/);
    expect(asJson(report)).toContain('"median": [0.7, 0.5, 0.5]');
  });

  test("a variant may be called __proto__", () => {
    const odd = traceOf({ training: { a: MIXED } });
    const renamed = {
      ...odd,
      variants: odd.variants.map((variant) => ({ ...variant, name: "__proto__" })),
      runs: odd.runs.map((run) => ({ ...run, variant: "__proto__" })),
    };
    expect(asJson(makeReport(renamed, []))).toContain('"__proto__": {');
  });
});

test("one value has a mean and no interval", () => {
  expect(summarize([2])).toEqual({
    n: 1,
    nonFinite: 0,
    mean: 2,
    sd: null,
    median: 2,
    min: 2,
    max: 2,
    ci95: null,
  });
});

test("what was asked for and no run has is said, with the engine's name", () => {
  const trace = traceOf({ training: { deep: [{ loss: [0.7, 0.6] }] } });
  const probes = {
    asked: ["gradientNorm", "learningRate"],
    everySteps: 5,
    layers: [{ gradientNorm: Float32Array.of(1) }],
    confusions: [],
  } as const;
  const report = makeReport({ ...trace, runs: [{ ...trace.runs[0], probes }] }, []);
  expect(report.probes).toEqual({
    asked: ["gradientNorm", "learningRate"],
    notMeasured: ["learningRate"],
  });
  expect(cautions(report).at(-1)).toBe(
    "Not measured: learningRate was asked for, but the cpu engine does not measure it or nothing here has it.",
  );
  expect(makeReport(trace, []).probes).toEqual({ asked: [], notMeasured: [] });
});
