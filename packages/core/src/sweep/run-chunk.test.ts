import { describe, expect, test, vi } from "vitest";
import { simd, sweepOf } from "../../test/sweep-of.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { createReferenceEngine } from "../engine/reference/index.ts";
import { Interrupted } from "../prove/trainer.ts";
import { METRICS } from "../spec/metrics.ts";
import type { TraceRun } from "../trace/trace.ts";
import { type LeadingTrial, runChunk } from "./run-chunk.ts";
import type { Sweep } from "./sweep.ts";
import { curveLine } from "./trial-curve.ts";
import { parseRecord, recordLine, type TrialRecord } from "./trial-record.ts";
import { chunkCount, trialAt } from "./trials.ts";

const GRID = { units: [2, 5], lr: [0.001, 0.1], batch_size: [4, 8] };

async function linesOf(sweep: Sweep): Promise<string[]> {
  const lines: string[] = [];
  for (let chunk = 0; chunk < chunkCount(sweep); chunk++) {
    const { records, curves } = await runChunk(sweep, chunk, simd);
    lines.push(...records.map((record, i) => `${recordLine(record)}\n${curveLine(curves[i])}`));
  }
  return lines;
}

/** What does not depend on how trials were put together. */
function numbersOf({ id: _, ...record }: TrialRecord) {
  return record;
}

test("a record tells of every network of its trial", async () => {
  const sweep = sweepOf({ parameters: { lr: [0.01] } });
  const { records, modelSteps, engine } = await runChunk(sweep, 0, simd);
  const [record] = records;
  expect(record).toMatchObject({
    index: 0,
    epochs: 6,
    params: { lr: 0.01 },
    engine: "cpu",
    adapter: "WebAssembly SIMD, float32",
  });
  expect(record.runs.map(({ trainingSeed, dataSeed }) => [trainingSeed, dataSeed])).toEqual([
    [0, 0],
    [1, 0],
  ]);
  // 18 rows in batches of 8 are 3 steps, 6 epochs, 2 networks.
  expect(record.runs[0].steps).toBe(18);
  expect(modelSteps).toBe(36);
  expect(engine.name).toBe("cpu");
  const finals = record.runs.map(({ final }) => final.valLoss!);
  expect(record.value).toBeCloseTo((finals[0] + finals[1]) / 2, 8);
  for (const { final, best, bestEpoch } of record.runs) {
    expect(best.valLoss).toBeLessThanOrEqual(final.valLoss!);
    expect(best.accuracy).toBeGreaterThanOrEqual(final.accuracy!);
    expect(bestEpoch).toBeLessThan(6);
  }
  expect(parseRecord(recordLine(record))).toEqual(record);
});

test("a trial's line is the same in whatever chunk it is trained", async () => {
  const one = await linesOf(sweepOf({ parameters: GRID, chunk: 1024 }));
  const many = await linesOf(sweepOf({ parameters: GRID, chunk: 5 }));
  expect(one).toHaveLength(8);
  expect(many).toEqual(one);
});

test("the trials that are wanted alone are trained, with the same lines", async () => {
  const sweep = sweepOf({ parameters: GRID });
  const whole = await runChunk(sweep, 0, simd);
  const some = await runChunk(sweep, 0, simd, { wants: (index) => index % 3 === 1 });
  expect(some.records).toEqual([whole.records[1], whole.records[4], whole.records[7]]);
  expect(some.curves).toEqual([whole.curves[1], whole.curves[4], whole.curves[7]]);
  expect(some.modelSteps).toBeLessThan(whole.modelSteps / 2);
});

test("a trial's curve ends with the median of what its networks end with", async () => {
  const sweep = sweepOf({ parameters: GRID, seeds: 3 });
  const { records, curves } = await runChunk(sweep, 0, simd);
  for (const [i, { index, id, runs, epochs }] of records.entries()) {
    expect(curves[i]).toMatchObject({ index, id });
    expect(curves[i].epochs).toHaveLength(epochs);
    for (const metric of METRICS) {
      const finals = runs.map(({ final }) => final[metric]!).sort((a, b) => a - b);
      expect(curves[i].medians[metric]!.at(-1)).toBeCloseTo(finals[1], 3);
    }
  }
});

test("while it trains it tells of the trial that stands best", async () => {
  const sweep = sweepOf({ parameters: { lr: [1e-6, 0.1] } });
  let last: LeadingTrial | undefined;
  const { curves } = await runChunk(sweep, 0, simd, {
    onProgress({ leading }) {
      last = leading(6);
    },
  });
  expect(last).toMatchObject({ params: { lr: 0.1 }, epochs: 6 });
  const [, better] = curves;
  expect(last!.values.map((value) => Number(value!.toPrecision(4)))).toEqual(
    better.medians.valLoss,
  );
});

test("folds are seeds of the data", async () => {
  const spec = { data: { ...(sweepOf({}).spec.data as object), split: { folds: 3 } } };
  const sweep = sweepOf({ spec, parameters: { lr: [0.1] } });
  const [{ runs }] = (await runChunk(sweep, 0, simd)).records;
  expect(runs.map(({ dataSeed }) => dataSeed)).toEqual([0, 0, 1, 1, 2, 2]);
});

test("a network that diverges is a result, and ranks last", async () => {
  const parameters = { "train.learningRate": [1e30, 0.01], optimizer: ["sgd"], l2: [1] };
  const { records } = await runChunk(sweepOf({ parameters }), 0, simd);
  expect(records[0]).toMatchObject({ state: "diverged", value: null });
  expect(records[1].value).toBeGreaterThan(0);
});

test("datasets are made once for all chunks", async () => {
  const sweep = sweepOf({ parameters: GRID, chunk: 4 });
  const datasets = new Map<string, Dataset>();
  await runChunk(sweep, 0, simd, { datasets });
  const [made] = datasets.values();
  await runChunk(sweep, 1, simd, { datasets });
  expect([...datasets.values()]).toEqual([made]);
  expect(datasets.size).toBe(1);
});

test("a signal leaves nothing of the chunk", async () => {
  const sweep = sweepOf({ parameters: GRID });
  const signal = { aborted: false };
  const slow = {
    ...simd,
    async *train(...args: Parameters<typeof simd.train>) {
      for await (const event of simd.train(...args)) {
        if (signal.aborted) return;
        yield event;
        signal.aborted = true;
      }
    },
  };
  await expect(runChunk(sweep, 0, slow, { signal })).rejects.toThrow(Interrupted);
});

describe("cuts", () => {
  const parameters = { lr: { distribution: "log_uniform_values", min: 1e-3, max: 1 } };
  const spec = { train: { loss: "binaryCrossentropy", epochs: 9, batchSize: 8 } };
  const sweep = sweepOf({ spec, method: "halving", parameters, run_cap: 12 });
  const full = sweepOf({ spec, method: "random", parameters, run_cap: 12 });

  test("a pruned trial is the beginning of its full training", async () => {
    const curves = new Map<string, TraceRun>();
    const nameOf = (trial: number, { trainingSeed }: TraceRun) => `${trial} ${trainingSeed}`;
    const whole = await runChunk(full, 0, simd, {
      onRun: (trial, run) => curves.set(nameOf(trial, run), run),
    });
    const cut = await runChunk(sweep, 0, simd, {
      onRun(trial, run) {
        const { signals } = curves.get(nameOf(trial, run))!;
        expect(run.signals.loss).toEqual(signals.loss!.slice(0, run.signals.loss!.length));
        expect(run.signals.valLoss).toEqual(signals.valLoss!.slice(0, run.signals.loss!.length));
      },
    });
    // After 1 epoch 4 of 12 go on, after 3 two, and those to the end.
    expect(cut.records.map(({ epochs }) => epochs).sort()).toEqual([
      1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 9, 9,
    ]);
    for (const [i, record] of cut.records.entries()) {
      const { medians } = cut.curves[i];
      expect(medians.valLoss).toEqual(whole.curves[i].medians.valLoss!.slice(0, record.epochs));
      if (record.epochs === 9) expect(numbersOf(record)).toEqual(numbersOf(whole.records[i]));
      else expect(record.state).toBe("pruned");
    }
  });

  test("those that go on are the best at the cut", async () => {
    const { records } = await runChunk(sweep, 0, simd);
    const atFirstCut = await runChunk(
      sweepOf({
        spec: { train: { ...spec.train, epochs: 1 } },
        method: "random",
        parameters,
        run_cap: 12,
      }),
      0,
      simd,
    );
    const order = atFirstCut.records.toSorted((a, b) => a.value! - b.value!);
    const went = records.filter(({ epochs }) => epochs > 1).map(({ index }) => index);
    expect(
      order
        .slice(0, 4)
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual(went);
  });

  test("a trial that is at its end is complete, and still holds its place", async () => {
    const short = sweepOf({
      method: "grid",
      parameters: { epochs: [1, 9], lr: [0.5, 0.01, 0.001] },
      early_terminate: { type: "hyperband", min_iter: 1 },
    });
    const { records } = await runChunk(short, 0, simd);
    expect(
      records.filter(({ params }) => params.epochs === 1).map(({ state }) => state),
    ).not.toContain("pruned");
    // Two of six go on; what they are at is told by their epochs.
    expect(
      records.filter(({ params, epochs }) => params.epochs === 9 && epochs > 1).length,
    ).toBeLessThanOrEqual(2);
  });

  test("wanted trials of a chunk have the lines that they have in the whole", async () => {
    const whole = await runChunk(sweep, 0, simd);
    const some = await runChunk(sweep, 0, simd, { wants: (index) => index > 8 });
    expect(some.records).toEqual(whole.records.slice(9));
  });
});

test("the engine may say what trains only when it sees the plan", async () => {
  const reference = createReferenceEngine({ reason: "test" });
  const prepare = vi.fn(async () => ({ ...reference.info, adapter: "another" }));
  const sweep = sweepOf({ parameters: { lr: [0.1] } });
  const { records, engine } = await runChunk(sweep, 0, { ...reference, prepare });
  expect(prepare).toHaveBeenCalledTimes(1);
  expect(records[0].adapter).toBe("another");
  expect(engine.adapter).toBe("another");
});

test("the trial alone, run as any spec, has the numbers of its record", async () => {
  const sweep = sweepOf({ parameters: GRID });
  const { records } = await runChunk(sweep, 0, simd);
  const { runExperiment } = await import("../run-experiment.ts");
  const { trace } = await runExperiment(trialAt(sweep, 5).spec, simd);
  const losses = trace.runs.map(({ signals }) => signals.valLoss!.at(-1)!);
  expect(records[5].runs.map(({ final }) => Math.fround(final.valLoss!))).toEqual(losses);
});
