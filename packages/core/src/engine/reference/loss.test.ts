import { describe, expect, test } from "vitest";
import type { Activation, Loss } from "../../spec/spec.ts";
import { countCorrect } from "./accuracy.ts";
import { type LossSettings, lossHead } from "./loss.ts";

/** Loss and gradient of one sample. `outputs` are logits where the pair is computed from logits. */
function lossOf(
  loss: Loss | LossSettings,
  activation: Activation,
  outputs: number[],
  label: number,
  weight: number | null = null,
) {
  const settings = typeof loss === "string" ? { loss } : loss;
  const { compute } = lossHead(settings, activation, outputs.length, "float64");
  const gradient = new Float64Array(outputs.length);
  const [x, y] = [Float64Array.from(outputs), Float64Array.of(label)];
  const weights = weight === null ? null : Float64Array.of(weight);
  const value = compute(1, outputs.length, x, y, weights, gradient);
  return { value, gradient: [...gradient] };
}

/** Whether the pair is computed from what goes into the head's activation. */
function passes(loss: Loss, activation: Activation, units: number): boolean {
  return lossHead({ loss }, activation, units, "float64").passesActivation;
}

test("only the pairs of Keras are computed from logits", () => {
  expect(passes("binaryCrossentropy", "sigmoid", 1)).toBe(true);
  expect(passes("binaryFocalCrossentropy", "sigmoid", 3)).toBe(true);
  expect(passes("sparseCategoricalCrossentropy", "softmax", 2)).toBe(true);
  expect(passes("categoricalCrossentropy", "softmax", 2)).toBe(true);
  expect(passes("categoricalFocalCrossentropy", "softmax", 2)).toBe(true);
  expect(passes("binaryCrossentropy", "softmax", 2)).toBe(false);
  expect(passes("sparseCategoricalCrossentropy", "sigmoid", 2)).toBe(false);
  expect(passes("sparseCategoricalCrossentropy", "softmax", 1)).toBe(false);
  expect(passes("meanSquaredError", "sigmoid", 1)).toBe(false);
});

test("told that outputs are logits, it takes the outputs, whatever their activation", () => {
  const told = { loss: "sparseCategoricalCrossentropy", fromLogits: true } as const;
  expect(lossHead(told, "softmax", 3, "float64").passesActivation).toBe(false);
  const { value } = lossOf(told, "softmax", [1, 0], 0);
  expect(value).toBeCloseTo(Math.log1p(Math.exp(-1)), 12);
});

test("a weight multiplies a sample's loss and gradient", () => {
  for (const loss of ["binaryCrossentropy", "sparseCategoricalCrossentropy"] as const) {
    const plain = lossOf(loss, "tanh", [0.3, 0.6], 1);
    const weighted = lossOf(loss, "tanh", [0.3, 0.6], 1, 2);
    expect(weighted.value).toBe(2 * plain.value);
    expect(weighted.gradient).toEqual(plain.gradient.map((g) => 2 * g));
  }
});

describe("from logits nothing overflows", () => {
  test("a sigmoid that is wrong by 1e4 costs 1e4, one that is right costs nothing", () => {
    expect(lossOf("binaryCrossentropy", "sigmoid", [-1e4], 1)).toMatchObject({
      value: 1e4,
      gradient: [-1],
    });
    expect(lossOf("binaryCrossentropy", "sigmoid", [1e4], 1)).toMatchObject({
      value: 0,
      gradient: [0],
    });
  });

  test("a focal loss that is right to the last bit costs nothing and has no slope", () => {
    for (const gamma of [0, 0.5, 1, 2]) {
      const binary = { loss: "binaryFocalCrossentropy", gamma } as const;
      expect(lossOf(binary, "sigmoid", [1e4], 1)).toEqual({ value: 0, gradient: [0] });
      const categorical = { loss: "categoricalFocalCrossentropy", gamma } as const;
      const { value, gradient } = lossOf(categorical, "softmax", [1e4, 0], 0);
      expect([value, ...gradient].every((number) => number === 0)).toBe(true);
    }
  });

  test("the gradient of a nearly right sigmoid keeps its digits", () => {
    const { gradient } = lossOf("binaryCrossentropy", "sigmoid", [40], 1);
    expect(gradient[0] / -Math.exp(-40)).toBeCloseTo(1, 12);
  });

  test("a softmax over +-1e4", () => {
    const { value, gradient } = lossOf("sparseCategoricalCrossentropy", "softmax", [1e4, -1e4], 1);
    expect(value).toBe(2e4);
    expect(gradient).toEqual([1, -1]);
  });
});

describe("after the activation, as Keras clips", () => {
  test("outside [1e-7, 1 - 1e-7] the loss is that of the bound and the gradient zero", () => {
    const { value, gradient } = lossOf("binaryCrossentropy", "relu", [0], 1);
    expect(value).toBe(-Math.log(1e-7));
    expect(gradient).toEqual([0]);
    expect(lossOf("binaryCrossentropy", "linear", [3], 1).gradient).toEqual([0]);
  });

  test("sparse cross-entropy divides by the row sum first", () => {
    const { value } = lossOf("sparseCategoricalCrossentropy", "relu", [1, 3], 1);
    expect(value).toBeCloseTo(-Math.log(3 / 4), 12);
  });

  test("a row of zeros has no sum to divide by: NaN, as in Keras", () => {
    const { value, gradient } = lossOf("sparseCategoricalCrossentropy", "relu", [0, 0], 1);
    expect(value).toBeNaN();
    expect(gradient.some(Number.isFinite)).toBe(false);
  });

  test("hinge takes labels 0 and 1 for -1 and +1", () => {
    expect(lossOf("hinge", "linear", [0.25], 0)).toMatchObject({ value: 1.25, gradient: [1] });
    expect(lossOf("hinge", "linear", [0.25], 1)).toMatchObject({ value: 0.75, gradient: [-1] });
    expect(lossOf("hinge", "linear", [1.5], 1)).toMatchObject({ value: 0, gradient: [0] });
  });

  test("several outputs meet the class one-hot, and the loss is their mean", () => {
    expect(lossOf("meanSquaredError", "linear", [1, 0.5, 2], 1).value).toBeCloseTo(
      (1 + 0.25 + 4) / 3,
      12,
    );
  });
});

describe("accuracy", () => {
  test("one output is right above one half, and one half itself means class 0", () => {
    const outputs = Float32Array.of(0.4, 0.5, 0.6, 0.6);
    expect(countCorrect(4, 1, outputs, Float32Array.of(0, 0, 1, 0))).toBe(3);
  });

  test("several outputs: the first of equal maxima", () => {
    const outputs = Float32Array.of(0.5, 0.5, 0.2, 0.8);
    expect(countCorrect(2, 2, outputs, Float32Array.of(0, 1))).toBe(2);
    expect(countCorrect(2, 2, outputs, Float32Array.of(1, 1))).toBe(1);
  });
});
