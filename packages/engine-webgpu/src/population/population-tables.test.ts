// The tables that a population's kernel reads, without a device.

import { expect, test } from "vitest";
import { denseNetwork } from "../../test/networks.ts";
import { smallPlan } from "../../test/small-plan.ts";
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
  const place = (first: number) =>
    [first, first + 1, first + 2, first + 3, first + 4, first + 5] as const;
  const [trainRows, testRows, trainInputs, trainLabels, testInputs, testLabels] = place(10);
  const [firstLearningRate, lastLearningRate, firstCorrection, lastCorrection] = place(20);
  const table = networkTable({ network, epochs: 7 }, [
    {
      trainingSeed: 2 ** 32 - 1,
      hyper: { ...hyper, l1: [0.5, 0], l2: [0, 0.25] },
      data: { trainRows, testRows, trainInputs, trainLabels, testInputs, testLabels },
      rates: { firstLearningRate, lastLearningRate, firstCorrection, lastCorrection },
    },
  ]);
  expect([...new Uint32Array(table, 0, 12)]).toEqual([
    2 ** 32 - 1,
    7,
    10,
    11,
    12,
    13,
    14,
    15,
    20,
    21,
    22,
    23,
  ]);
  const floats = new Float32Array(table);
  expect(floats[13]).toBe(Math.fround(1 - 0.9));
  // Penalties begin at a multiple of 8 bytes.
  expect([...floats.subarray(20)]).toEqual([0.5, 0, 0, 0.25]);
});

test("datasets are packed row by row, features and labels in blocks of four", () => {
  const part = (rows: number, first: number) => ({
    rows,
    x: Float32Array.from({ length: 5 * rows }, (_, i) => first + i),
    y: Float32Array.from({ length: rows }, (_, i) => i % 2),
  });
  const { values, places } = packData([{ train: part(2, 1), test: part(1, 100) }], [5]);
  expect(places).toEqual([
    { trainRows: 2, testRows: 1, trainInputs: 0, trainLabels: 4, testInputs: 5, testLabels: 7 },
  ]);
  expect([...values.subarray(8, 16)]).toEqual([6, 7, 8, 9, 10, 0, 0, 0]);
  expect([...values.subarray(16, 20)]).toEqual([0, 1, 0, 0]);
  expect(values[4 * 5]).toBe(100);
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
