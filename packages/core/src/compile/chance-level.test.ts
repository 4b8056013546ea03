import { describe, expect, test } from "vitest";
import type { Dataset } from "../dataset/dataset.ts";
import type { Loss } from "../spec/spec.ts";
import { chanceLevel } from "./chance-level.ts";
import type { Layer } from "./plan.ts";

function dataset(train: number[], test: number[], classes: number): Omit<Dataset, "labelRuns"> {
  const part = (y: number[]) => ({
    rows: y.length,
    x: new Float32Array(y.length),
    y: Float32Array.from(y),
  });
  return {
    key: "",
    columns: [],
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    train: part(train),
    test: part(test),
  };
}

function head(loss: Loss, units: number) {
  return { loss, layers: [{ units } as Layer] };
}

const twoClasses = dataset([1, 1, 1, 0], [1, 0], 2);

test("the fitted probability is measured on both parts", () => {
  const chance = chanceLevel(twoClasses, head("binaryCrossentropy", 1));
  expect(chance.loss).toBeCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), 12);
  expect(chance.valLoss).toBeCloseTo(-0.5 * Math.log(0.75) - 0.5 * Math.log(0.25), 12);
  expect(chance).toMatchObject({ accuracy: 0.75, valAccuracy: 0.5 });
});

test("one softmax head of two classes equals the sigmoid head", () => {
  const softmax = chanceLevel(twoClasses, head("sparseCategoricalCrossentropy", 2));
  const sigmoid = chanceLevel(twoClasses, head("binaryCrossentropy", 1));
  expect(softmax.loss).toBeCloseTo(sigmoid.loss, 12);
  expect(softmax.valLoss).toBeCloseTo(sigmoid.valLoss!, 12);
});

test("without a test part there is no validation level", () => {
  const chance = chanceLevel(dataset([0, 1], [], 2), head("meanSquaredError", 1));
  expect(chance).toEqual({ loss: 0.25, accuracy: 0.5 });
});

test("a class that the training part lacks costs what Keras's clipping allows", () => {
  const chance = chanceLevel(dataset([0, 0, 1], [2], 3), head("sparseCategoricalCrossentropy", 3));
  expect(chance.valLoss).toBeCloseTo(-Math.log(1e-7), 6);
  expect(chance.valAccuracy).toBe(0);
});

test("outputs beyond the classes change nothing for a sparse loss", () => {
  const data = dataset([0, 1, 1], [0, 1], 2);
  const narrow = chanceLevel(data, head("sparseCategoricalCrossentropy", 2));
  expect(chanceLevel(data, head("sparseCategoricalCrossentropy", 4))).toEqual(narrow);
});

// The definition itself, by a search over constants, one output at a time.
describe.each([
  { loss: "binaryCrossentropy", low: 1e-3, high: 1 },
  { loss: "meanSquaredError", low: 0, high: 1 },
  { loss: "hinge", low: -2, high: 2 },
] as const)("$loss", ({ loss, low, high }) => {
  const cost = (output: number, target: number): number => {
    if (loss === "meanSquaredError") return (output - target) ** 2;
    if (loss === "hinge") return Math.max(0, 1 - (2 * target - 1) * output);
    return -Math.log(target === 1 ? output : 1 - output);
  };

  test.each([
    { labels: [1, 1, 1, 0, 1], classes: 2, outputs: 1 },
    { labels: [0, 0, 1, 0, 0], classes: 2, outputs: 1 },
    { labels: [0, 1, 2, 2, 2, 2, 1], classes: 3, outputs: 3 },
  ])("no constant is better on $labels with $outputs outputs", ({ labels, classes, outputs }) => {
    const chance = chanceLevel(dataset(labels, [], classes), head(loss, outputs));
    let best = 0;
    for (let k = 0; k < outputs; k++) {
      const targets = labels.map((label) => (label === (outputs === 1 ? 1 : k) ? 1 : 0));
      let least = Number.POSITIVE_INFINITY;
      for (let c = low; c < high; c += 1e-3) {
        const mean = targets.reduce<number>((sum, t) => sum + cost(c, t), 0) / targets.length;
        least = Math.min(least, mean);
      }
      best += least / outputs;
    }
    expect(chance.loss).toBeLessThanOrEqual(best + 1e-12);
    // The grid of constants is 1e-3 wide and the steepest loss, hinge, has slope 1.
    expect(chance.loss).toBeGreaterThan(best - 1e-3);
  });
});

test("the best constant of the focal losses is found where no grid search finds a better one", () => {
  const part = {
    rows: 10,
    x: new Float32Array(10),
    y: Float32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 2, 2),
  };
  const none = { rows: 0, x: new Float32Array(0), y: new Float32Array(0) };
  const dataset = { key: "", columns: [], classes: ["a", "b", "c"], train: part, test: none };
  const layer = { units: 3 } as Layer;
  const head = { loss: "categoricalFocalCrossentropy", layers: [layer] } as const;
  const { loss } = chanceLevel(dataset, head, { gamma: 2, focalAlpha: 0.25 });
  let best = Number.POSITIVE_INFINITY;
  const term = (share: number, p: number) => -0.25 * share * (1 - p) ** 2 * Math.log(p);
  for (let i = 1; i < 500; i++) {
    for (let j = 1; i + j < 500; j++) {
      const [p, q, r] = [i / 500, j / 500, 1 - (i + j) / 500];
      best = Math.min(best, term(0.6, p) + term(0.2, q) + term(0.2, r));
    }
  }
  expect(loss).toBeLessThanOrEqual(best);
  expect(loss).toBeGreaterThan(best - 1e-4);
});

test("label smoothing and class weights change the best constant", () => {
  const part = { rows: 4, x: new Float32Array(4), y: Float32Array.of(0, 0, 0, 1) };
  const none = { rows: 0, x: new Float32Array(0), y: new Float32Array(0) };
  const dataset = { key: "", columns: [], classes: ["a", "b"], train: part, test: none };
  const head = { loss: "binaryCrossentropy", layers: [{ units: 1 } as Layer] } as const;
  const balanced = chanceLevel(dataset, head, { classWeight: [1, 3] });
  expect(balanced.loss).toBeCloseTo(1.5 * Math.LN2, 10);
  const smoothed = chanceLevel(dataset, head, { labelSmoothing: 1 });
  expect(smoothed.loss).toBeCloseTo(Math.LN2, 10);
});

test("sample weights count in both parts' losses and in no accuracy", () => {
  const part = (weights: number[]) => ({
    rows: 4,
    x: new Float32Array(4),
    y: Float32Array.of(0, 0, 0, 1),
    sampleWeight: Float32Array.from(weights),
  });
  const [train, test] = [part([1, 0.5, 0.5, 2]), part([1, 1, 1, 5])];
  const dataset = { key: "", columns: [], classes: ["a", "b"], train, test };
  const head = { loss: "binaryCrossentropy", layers: [{ units: 1 } as Layer] } as const;
  // Both classes weigh 2, so one half is best; the sum is divided by 4 rows.
  const { loss, accuracy, valLoss, valAccuracy } = chanceLevel(dataset, head);
  expect(loss).toBeCloseTo(Math.LN2, 10);
  expect(valLoss).toBeCloseTo(2 * Math.LN2, 10);
  expect([accuracy, valAccuracy]).toEqual([0.75, 0.75]);
});

test.each([
  // Indices 0, 1, 2, 2: mean 1.25, median 1 or 2.
  ["meanSquaredError", (1.25 ** 2 + 0.25 ** 2 + 2 * 0.75 ** 2) / 4],
  ["meanAbsoluteError", (1 + 0 + 1 + 1) / 4],
  // The best probability for a mean target above 1 is 1, clipped; the loss is negative, as in Keras.
  ["binaryCrossentropy", -1.25 * Math.log(1 - 1e-7) + 0.25 * Math.log(1e-7)],
  // Targets above 0 count as +1: wrong only for class 0.
  ["hinge", 2 / 4],
  ["categoricalCrossentropy", 0],
] as const)("one output hits the index of one of three classes: %s", (loss, expected) => {
  const chance = chanceLevel(dataset([0, 1, 2, 2], [], 3), head(loss, 1));
  expect(chance.loss).toBeCloseTo(expected, 12);
});
