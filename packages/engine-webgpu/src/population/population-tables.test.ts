// The tables that a population's kernel reads, without a device.

import { expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../test/networks.ts";
import { smallPlan } from "../../test/small-plan.ts";
import { NETWORK_FIELDS, networkEntryLayout } from "../kernels/train-population/network-fields.ts";
import { packData } from "./data-buffer.ts";
import { networkTable } from "./network-table.ts";
import { Pace } from "./pace.ts";
import { biasCorrections, RateTable } from "./rate-table.ts";

test("bias corrections are those of double precision, and end where they stay 1", () => {
  const corrections = biasCorrections(0.9, 0.999, 1e6);
  expect(corrections[0]).toBe(Math.fround(Math.sqrt(1 - 0.999) / (1 - 0.9)));
  expect(corrections[999]).toBe(Math.fround(Math.sqrt(1 - 0.999 ** 1000) / (1 - 0.9 ** 1000)));
  expect(corrections.length).toBeLessThan(20_000);
  expect(corrections.at(-1)).toBe(1);
  expect(biasCorrections(0.9, 0.999, 10).length).toBe(10);
});

test("nadam reads three numbers of a step, and the last three beyond the table's end", () => {
  const { optimizer } = denseNetwork({ units: [1], optimizer: "nadam" });
  const { hyper } = smallPlan({ train: { optimizer: "nadam" } })[0].runs[0];
  const rates = new RateTable();
  const { firstCorrection, lastCorrection } = rates.place(optimizer, hyper, 1e6);
  const u = (t: number) => 0.9 * (1 - 0.5 * 0.96 ** t);
  const first = [...rates.values().subarray(firstCorrection, firstCorrection + 3)];
  expect(first[0]).toBeCloseTo(u(2) / (1 - u(1) * u(2)), 6);
  expect(first[1]).toBeCloseTo(1, 6);
  expect(first[2]).toBeCloseTo(1 / (1 - 0.999), 2);
  expect((lastCorrection - firstCorrection) % 3).toBe(0);
  expect([...rates.values().subarray(lastCorrection)]).toEqual([0.9, 0.1, 1].map(Math.fround));
});

test("networks with the same rates share their tables", () => {
  const { optimizer } = denseNetwork({ units: [1] });
  const { hyper } = smallPlan()[0].runs[0];
  const rates = new RateTable();
  const first = rates.place(optimizer, { ...hyper, learningRate: 0.1 }, 4);
  const second = rates.place(optimizer, { ...hyper, learningRate: 0.2 }, 4);
  expect(rates.place(optimizer, { ...hyper, learningRate: 0.1 }, 4)).toEqual(first);
  expect(second.firstCorrection).toBe(first.firstCorrection);
  expect(rates.values().length).toBe(1 + 4 + 1);
  expect(rates.values()[second.firstLearningRate]).toBeCloseTo(0.2);
});

test("a schedule's table is read to its end and no further", () => {
  const { optimizer } = denseNetwork({ units: [1], optimizer: "sgd" });
  const { hyper } = smallPlan()[0].runs[0];
  const rates = new RateTable();
  const learningRates = Float32Array.of(0.5, 0.25);
  const place = rates.place(optimizer, { ...hyper, learningRates }, 100);
  expect([place.firstLearningRate, place.lastLearningRate]).toEqual([0, 1]);
  expect([...rates.values()]).toEqual([0.5, 0.25, 1]);
});

test("an entry of the network table lies as the kernel's struct", () => {
  const network = denseNetwork({ units: [2, 1] });
  const { hyper } = smallPlan({ train: { optimizer: "adam" } })[0].runs[0];
  const data = {
    trainRows: 10,
    testRows: 11,
    trainInputs: 12,
    trainLabels: 13,
    testInputs: 14,
    testLabels: 15,
    trainWeights: 16,
    testWeights: 17,
  };
  const rates = {
    firstLearningRate: 20,
    lastLearningRate: 21,
    firstCorrection: 22,
    lastCorrection: 23,
  };
  const features = { ...PLAIN_FEATURES, classWeight: true };
  const table = networkTable({ network, features }, 7, [
    {
      trainingSeed: 2 ** 32 - 1,
      hyper: { ...hyper, l1: [0.5, 0], l2: [0, 0.25], alpha: [0.125, 0], classWeight: [2, 3] },
      data,
      rates,
    },
  ]);
  const fields = NETWORK_FIELDS.map(([name]) => name);
  const integers = new Uint32Array(table);
  expect([...integers.subarray(0, 14)]).toEqual([
    2 ** 32 - 1,
    7,
    ...Object.values(data),
    ...Object.values(rates),
  ]);
  const floats = new Float32Array(table);
  expect(floats[fields.indexOf("oneMinusBeta1")]).toBe(Math.fround(1 - 0.9));
  // Arrays begin at multiples of 16 bytes, as in networkStructWgsl.
  const { layers, operations, classWeights, words } = networkEntryLayout(network, features);
  expect([layers % 4, operations - layers, classWeights - operations]).toEqual([0, 16, 0]);
  expect([...floats.subarray(layers, operations)]).toEqual([
    ...[0.5, 0, 0, 0, 0, 0, 0.125, 0],
    ...[0, 0.25, 0, 0, 0, 0, 0, 0],
  ]);
  expect([...floats.subarray(classWeights, classWeights + 2)]).toEqual([2, 3]);
  expect(table.byteLength).toBe(4 * words);
});

test("datasets are packed row by row, features and labels in blocks of four", () => {
  const part = (rows: number, first: number) => ({
    ...(first === 1 ? { sampleWeight: Float32Array.of(0.5, 2) } : {}),
    rows,
    x: Float32Array.from({ length: 5 * rows }, (_, i) => first + i),
    y: Float32Array.from({ length: rows }, (_, i) => i % 2),
  });
  const { values, places } = packData([{ train: part(2, 1), test: part(1, 100) }], [5]);
  expect(places).toEqual([
    {
      trainRows: 2,
      testRows: 1,
      trainInputs: 0,
      trainLabels: 4,
      testInputs: 5,
      testLabels: 7,
      trainWeights: 8,
      testWeights: 9,
    },
  ]);
  expect([...values.subarray(8, 16)]).toEqual([6, 7, 8, 9, 10, 0, 0, 0]);
  expect([...values.subarray(16, 20)]).toEqual([0, 1, 0, 0]);
  expect(values[4 * 5]).toBe(100);
  expect([...values.subarray(32, 36)]).toEqual([0.5, 2, 0, 0]);
});

test("dispatches grow to the wanted time, at most fourfold each, and shrink at once", () => {
  const pace = new Pace(30);
  const seen = [pace.batches];
  for (let i = 0; i < 6; i++) {
    pace.observe(pace.batches, 0.1 * pace.batches);
    seen.push(pace.batches);
  }
  expect(seen).toEqual([1, 4, 16, 64, 256, 300, 300]);
  pace.observe(300, 3000);
  expect(pace.batches).toBe(3);
});
