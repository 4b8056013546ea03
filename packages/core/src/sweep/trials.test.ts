import { describe, expect, test } from "vitest";
import { sweepOf } from "../../test/sweep-of.ts";
import type { DenseLayerSpec } from "../spec/spec.ts";
import { paramsText } from "./params-text.ts";
import { chunksOfShard, trialsOfShard } from "./shards.ts";
import type { Sweep } from "./sweep.ts";
import {
  chunkCount,
  chunkId,
  chunkRange,
  drawTrial,
  trialAt,
  trialCount,
  trialsOfChunk,
} from "./trials.ts";

function all(sweep: Sweep): string[] {
  return Array.from({ length: trialCount(sweep) }, (_, i) =>
    paramsText(drawTrial(sweep, i).params),
  );
}

describe("a grid", () => {
  test("has every combination once, the last parameter fastest", () => {
    const sweep = sweepOf({ parameters: { lr: [0.1, 0.2], batch_size: [4, 8, 16] } });
    expect(all(sweep)).toEqual([
      "lr=0.1 batch_size=4",
      "lr=0.1 batch_size=8",
      "lr=0.1 batch_size=16",
      "lr=0.2 batch_size=4",
      "lr=0.2 batch_size=8",
      "lr=0.2 batch_size=16",
    ]);
  });

  test("leaves a parameter out where its condition does not hold", () => {
    const sweep = sweepOf({
      parameters: {
        // Asked for before it is written: conditions are met in any order.
        "train.optimizer.momentum": { values: [0, 0.9], when: { optimizer: "sgd" } },
        optimizer: ["adam", "sgd", "rmsprop"],
        lr: [0.1, 0.01],
      },
    });
    expect(all(sweep)).toEqual([
      "optimizer=adam lr=0.1",
      "optimizer=adam lr=0.01",
      "optimizer=sgd train.optimizer.momentum=0 lr=0.1",
      "optimizer=sgd train.optimizer.momentum=0 lr=0.01",
      "optimizer=sgd train.optimizer.momentum=0.9 lr=0.1",
      "optimizer=sgd train.optimizer.momentum=0.9 lr=0.01",
      "optimizer=rmsprop lr=0.1",
      "optimizer=rmsprop lr=0.01",
    ]);
  });

  test("conditions on conditions, and on several values", () => {
    const sweep = sweepOf({
      parameters: {
        optimizer: ["adam", "sgd", "rmsprop"],
        momentum: { values: [0, 0.5], when: { optimizer: ["sgd", "rmsprop"] } },
        nesterov: { values: [true, false], when: { momentum: 0.5, optimizer: "sgd" } },
      },
    });
    expect(all(sweep)).toEqual([
      "optimizer=adam",
      "optimizer=sgd momentum=0",
      "optimizer=sgd momentum=0.5 nesterov=true",
      "optimizer=sgd momentum=0.5 nesterov=false",
      "optimizer=rmsprop momentum=0",
      "optimizer=rmsprop momentum=0.5",
    ]);
  });

  test("parameters that go together take first with first", () => {
    const sweep = sweepOf({
      parameters: { lr: [0.1, 0.01], units: [2, 3], batch_size: [4, 16] },
      zip: [["lr", "batch_size"]],
    });
    expect(all(sweep)).toEqual([
      "lr=0.1 batch_size=4 units=2",
      "lr=0.1 batch_size=4 units=3",
      "lr=0.01 batch_size=16 units=2",
      "lr=0.01 batch_size=16 units=3",
    ]);
  });

  test("run_cap takes its beginning", () => {
    const sweep = sweepOf({ parameters: { lr: [0.1, 0.2, 0.3] }, run_cap: 2 });
    expect(all(sweep)).toEqual(["lr=0.1", "lr=0.2"]);
  });
});

describe("draws", () => {
  const parameters = {
    lr: { distribution: "log_uniform_values", min: 1e-4, max: 1 },
    units: { min: 2, max: 5 },
    optimizer: { values: ["adam", "sgd"], probabilities: [0.25, 0.75] },
    momentum: { distribution: "normal", mu: 0.5, sigma: 0.05, when: { optimizer: "sgd" } },
  };
  const sweep = sweepOf({ method: "random", parameters, run_cap: 2000 });
  const drawn = Array.from({ length: 2000 }, (_, i) => drawTrial(sweep, i).params);

  test("a trial is a function of the seed and its number", () => {
    const again = sweepOf({ method: "random", parameters, run_cap: 2000 });
    expect(drawTrial(again, 1234)).toEqual(drawTrial(sweep, 1234));
    const longer = sweepOf({ method: "random", parameters, run_cap: 5000 });
    expect(drawTrial(longer, 1234)).toEqual(drawTrial(sweep, 1234));
    const other = sweepOf({ method: "random", parameters, run_cap: 2000, seed: 1 });
    expect(drawTrial(other, 1234).params).not.toEqual(drawTrial(sweep, 1234).params);
  });

  test("they are spread as the distributions say", () => {
    const rates = drawn.map(({ lr }) => lr as number);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1);
    // Each of four decades has a quarter; 2000 draws are off by 0.03 once in 500 sweeps.
    for (const [low, high] of [
      [1e-4, 1e-3],
      [1e-3, 1e-2],
      [1e-2, 1e-1],
      [1e-1, 1],
    ]) {
      const share = rates.filter((rate) => rate >= low && rate < high).length / 2000;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
    }
    for (const units of [2, 3, 4, 5]) {
      const share = drawn.filter((params) => params.units === units).length / 2000;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
    }
    const sgd = drawn.filter(({ optimizer }) => optimizer === "sgd");
    expect(Math.abs(sgd.length / 2000 - 0.75)).toBeLessThan(0.03);
    expect(drawn.every((params) => "momentum" in params === (params.optimizer === "sgd"))).toBe(
      true,
    );
    const momenta = sgd.map(({ momentum }) => momentum as number);
    const mean = momenta.reduce((sum, value) => sum + value) / momenta.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
  });

  test("parameters are drawn independently of each other", () => {
    const both = drawn.filter(({ lr, units }) => (lr as number) < 1e-2 && (units as number) < 4);
    expect(Math.abs(both.length / 2000 - 0.25)).toBeLessThan(0.03);
  });

  test("of lists of values no combination is drawn twice, and all are reached", () => {
    const lists = { lr: [0.1, 0.2, 0.3], units: [2, 3, 4, 5], batch_size: [4, 8] };
    const whole = sweepOf({ method: "random", parameters: lists, run_cap: 1000 });
    const texts = all(whole);
    expect(texts).toHaveLength(24);
    expect(new Set(texts).size).toBe(24);
    expect(texts).not.toEqual(all(sweepOf({ parameters: lists })));
  });
});

describe("the spec of a trial", () => {
  test("has the values in their places, and nothing else is other", () => {
    const sweep = sweepOf({
      parameters: {
        "model.layers.0.units": [7],
        "train.optimizer": [{ name: "sgd", momentum: 0.5 }],
        "train.optimizer.nesterov": [true],
        "train.earlyStopping": [{ patience: 3 }],
      },
    });
    const { spec } = trialAt(sweep, 0);
    expect((spec.model.layers[0] as DenseLayerSpec).units).toBe(7);
    expect(spec.train.optimizer).toMatchObject({ name: "sgd", momentum: 0.5, nesterov: true });
    expect(spec.train.earlyStopping).toMatchObject({ patience: 3, monitor: "valLoss" });
    expect(spec.data).toBe(sweep.spec.data);
    expect(spec.model.layers.slice(1)).toEqual(sweep.spec.model.layers.slice(1));
  });

  test("another optimizer takes none of the settings of the one before", () => {
    const spec = {
      train: { loss: "binaryCrossentropy", epochs: 2, optimizer: { name: "adam", beta1: 0.8 } },
    };
    const sweep = sweepOf({ spec, parameters: { optimizer: ["sgd", "adam"] } });
    expect(trialAt(sweep, 0).spec.train.optimizer).toMatchObject({ name: "sgd", momentum: 0 });
    expect(trialAt(sweep, 1).spec.train.optimizer).toMatchObject({ name: "adam", beta1: 0.8 });
  });

  test("null takes a setting away", () => {
    const spec = {
      train: { loss: "binaryCrossentropy", epochs: 2, earlyStopping: { patience: 2 } },
    };
    const sweep = sweepOf({ spec, parameters: { "train.earlyStopping": [null, { patience: 5 }] } });
    expect(trialAt(sweep, 0).spec.train.earlyStopping).toBeUndefined();
    expect(trialAt(sweep, 1).spec.train.earlyStopping).toMatchObject({ patience: 5 });
  });

  test("the same network over the same seeds has the same id in another sweep", () => {
    const one = sweepOf({ parameters: { lr: [0.1, 0.2] } });
    const other = sweepOf({ method: "random", parameters: { lr: [0.2] }, name: "other" });
    expect(drawTrial(other, 0).id).toBe(drawTrial(one, 1).id);
    expect(drawTrial(one, 0).id).not.toBe(drawTrial(one, 1).id);
    const seeds = sweepOf({ parameters: { lr: [0.1] }, seeds: 3 });
    expect(drawTrial(seeds, 0).id).not.toBe(drawTrial(one, 0).id);
  });
});

describe("chunks and shards", () => {
  const values = Array.from({ length: 23 }, (_, i) => (i + 1) / 100);
  // Two seeds: 7 networks are 3 trials.
  const sweep = sweepOf({ parameters: { lr: values }, chunk: 7 });

  test("chunks hold every trial once, in order", () => {
    expect(chunkCount(sweep)).toBe(8);
    const trials = Array.from({ length: 8 }, (_, chunk) => trialsOfChunk(sweep, chunk)).flat();
    expect(trials.map(({ index }) => index)).toEqual(values.map((_, i) => i));
    expect(chunkRange(sweep, 7)).toEqual({ first: 21, end: 23 });
    expect(chunkId(sweep, 7)).toMatch(/^[0-9a-f]{16}-7$/);
  });

  test.each([1, 2, 3, 8, 11])("%i shards hold every chunk once", (count) => {
    const shards = Array.from({ length: count }, (_, index) => ({ index, count }));
    const chunks = shards.flatMap((shard) => [...chunksOfShard(sweep, shard)]);
    expect(chunks.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const trials = shards.reduce((sum, shard) => sum + trialsOfShard(sweep, shard), 0);
    expect(trials).toBe(23);
  });

  test("what is not there is an error", () => {
    expect(() => drawTrial(sweep, 23)).toThrow("there is no trial 23 among 23");
    expect(() => trialsOfChunk(sweep, 8)).toThrow("there is no chunk 8 among 8");
  });
});
