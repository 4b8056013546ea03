import { expect, test } from "vitest";
import { ELEMENTWISE } from "../engine/reference/activation.ts";
import type { Activation } from "../spec/words.ts";
import { FLAT_SLOPE, flatRange, isBounded, SATURATED_SOFTMAX } from "./flat-range.ts";

type Smooth = Exclude<keyof typeof ELEMENTWISE, "relu" | "hardSigmoid" | "linear" | "leakyReLU">;

/** Size of the slope over the largest slope. */
function relativeSlope(activation: Smooth, alpha: number): (z: number) => number {
  const { value, slope } = ELEMENTWISE[activation];
  const at = (point: number) => Math.abs(slope(point, value(point, alpha), alpha));
  const largest = Math.max(...Array.from({ length: 40001 }, (_, i) => at((i - 20000) / 1000)));
  return (z) => at(z) / largest;
}

const cases: [Smooth, number][] = [
  ["elu", 1],
  ["elu", 0.5],
  ["elu", 3],
  ["selu", 0],
  ["gelu", 0],
  ["geluTanh", 0],
  ["softplus", 0],
  ["swish", 0],
  ["mish", 0],
  ["sigmoid", 0],
  ["tanh", 0],
  ["softsign", 0],
];

test.each(cases)(
  "%s (alpha %d) is as flat as sigmoid at 5 where its flat part begins",
  (name, alpha) => {
    const { low, high } = flatRange(name, alpha)!;
    const slopeAt = relativeSlope(name, alpha);
    for (const end of [low, high].filter(Number.isFinite)) {
      const outwards = Math.sign(end);
      expect(slopeAt(end)).toBeCloseTo(FLAT_SLOPE, 3);
      for (let z = end; Math.abs(z) < 40; z += outwards / 16) {
        expect(slopeAt(z)).toBeLessThan(FLAT_SLOPE * 1.01);
      }
      expect(slopeAt(end - outwards / 16)).toBeGreaterThan(FLAT_SLOPE);
    }
  },
);

test("exponential, whose slope has no largest, is as flat against its slope at 0", () => {
  expect(ELEMENTWISE.exponential.value(flatRange("exponential")!.low, 0)).toBeCloseTo(
    FLAT_SLOPE,
    4,
  );
});

test("kinked activations are flat where their slope is 0, and a leak is never flat", () => {
  expect(flatRange("relu")).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
  expect(flatRange("leakyReLU", 0)).toEqual(flatRange("relu"));
  expect(flatRange("leakyReLU", 0.01)?.low).toBe(Number.NEGATIVE_INFINITY);
  expect(flatRange("elu", 0)).toEqual(flatRange("relu"));
  for (const z of [-3.001, 3.001]) expect(ELEMENTWISE.hardSigmoid.slope(z, 0, 0)).toBe(0);
});

test("bounded are those that are flat on both sides", () => {
  const bounded: Activation[] = ["sigmoid", "tanh", "hardSigmoid", "softsign", "softmax"];
  for (const activation of bounded) expect(isBounded(activation)).toBe(true);
  for (const activation of ["relu", "elu", "linear", "prelu"] as const) {
    expect(isBounded(activation)).toBe(false);
  }
  expect(SATURATED_SOFTMAX).toBeCloseTo(ELEMENTWISE.sigmoid.value(5, 0), 6);
});
