import { expect, test } from "vitest";
import { epochScale, linearScale, scaleOf, tickLabels } from "./scale.ts";

test.each([
  [[0.66, 0.71], "0.66 0.67 0.68 0.69 0.70 0.71"],
  [[0, 1], "0.0 0.2 0.4 0.6 0.8 1.0"],
  [[-3, 12], "-5 0 5 10 15"],
  [[0.5, 0.5], "0.44 0.46 0.48 0.50 0.52 0.54 0.56"],
  [[0.4333333, 0.43333334], "0.38 0.40 0.42 0.44 0.46 0.48"],
  [[0, 0], "-1.0 -0.5 0.0 0.5 1.0"],
  [[2e6, 9e6], "2.0e+6 4.0e+6 6.0e+6 8.0e+6 1.0e+7"],
])("a linear axis over %j has the ticks %s", ([low, high], expected) => {
  expect(tickLabels(linearScale(low, high, 5)).join(" ")).toBe(expected);
});

test("the ends of the axis enclose the values", () => {
  for (let i = 1; i < 200; i++) {
    const [low, high] = [Math.sin(i) * i, Math.sin(i) * i + 10 ** ((i % 9) - 4)];
    const { domain, at } = linearScale(low, high, 4);
    expect(domain[0]).toBeLessThanOrEqual(low + 1e-9 * i);
    expect(domain[1]).toBeGreaterThanOrEqual(high - 1e-9 * i);
    expect(at(domain[0])).toBe(0);
    expect(at(domain[1])).toBe(1);
  }
});

test("two decades are still linear, more are logarithmic", () => {
  expect(scaleOf([0.1, 10], 5).kind).toBe("linear");
  const log = scaleOf([0.1, 11], 5);
  expect(log.kind).toBe("log");
  expect(tickLabels(log).join(" ")).toBe("0.1 1 10 100");
  expect(log.at(1)).toBeCloseTo(1 / 3, 12);
  expect(scaleOf([0, 1000], 5).kind).toBe("linear");
});

test("many decades skip ticks and write powers", () => {
  expect(tickLabels(scaleOf([1e-6, 1e7], 4)).join(" ")).toBe("10⁻⁶ 0.01 100 10⁶");
});

test("no values at all still give an axis", () => {
  expect(scaleOf([], 4).domain).toEqual([0, 1]);
});

test.each([
  [50, "1 10 20 30 40 50"],
  [3, "1 2 3"],
  [1, "1"],
  [2000, "1 500 1000 1500 2000"],
])("%i epochs are marked %s", (epochs, expected) => {
  expect(epochScale(1, epochs, 5).ticks.join(" ")).toBe(expected);
});
