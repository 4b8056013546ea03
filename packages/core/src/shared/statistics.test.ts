import { describe, expect, test } from "vitest";
import {
  mean,
  meanInterval,
  median,
  medianInterval,
  quantile,
  sampleSd,
  studentTQuantile,
  wilsonInterval,
} from "./statistics.ts";

const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

test("mean and sample standard deviation", () => {
  expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
  expect(sampleSd([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 14);
  expect(mean([])).toBeNaN();
  expect(sampleSd([1])).toBeNaN();
});

describe("quantile", () => {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], p), NumPy 2.4.
  test.each([
    [0, 1],
    [0.1, 1],
    [0.25, 1.75],
    [0.5, 3.5],
    [0.9, 6.8999999999999995],
    [1, 9],
  ])("of eight values at %d is NumPy's", (p, expected) => {
    expect(quantile([3, 1, 4, 1, 5, 9, 2, 6], p)).toBeCloseTo(expected, 14);
  });

  test("infinite values are values", () => {
    expect(median([1, POSITIVE_INFINITY, 2])).toBe(2);
    expect(median([1, POSITIVE_INFINITY])).toBe(POSITIVE_INFINITY);
    expect(median([1, NEGATIVE_INFINITY])).toBe(NEGATIVE_INFINITY);
    expect(median([POSITIVE_INFINITY, POSITIVE_INFINITY])).toBe(POSITIVE_INFINITY);
    expect(median([NEGATIVE_INFINITY, POSITIVE_INFINITY])).toBeNaN();
    expect(median([])).toBeNaN();
  });
});

describe("Student's t", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, to its three decimals.
  test.each([
    [0.975, 1, 12.706],
    [0.975, 5, 2.571],
    [0.975, 19, 2.093],
    [0.975, 100, 1.984],
    [0.9, 8, 1.397],
    [0.999, 1, 318.309],
    [0.999, 60, 3.232],
  ])("the %d point with %i degrees of freedom is the handbook's", (p, df, expected) => {
    expect(studentTQuantile(p, df)).toBeCloseTo(expected, 3);
  });

  // scipy.stats.t.ppf(p, df), SciPy 1.17.
  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 10, 2.228138851986274],
    [0.975, 19, 2.0930240544083087],
    [0.975, 30, 2.0422724563012378],
    [0.975, 120, 1.9799304050824402],
    [0.975, 1000, 1.9623390808264083],
    [0.995, 5, 4.032142983555228],
    [0.95, 9, 1.833112932656237],
    [0.9995, 3, 12.923978636687961],
    [0.6, 7, 0.2631668613520229],
  ])("the %d point with %i degrees of freedom is SciPy's", (p, df, expected) => {
    expect(Math.abs(studentTQuantile(p, df) - expected)).toBeLessThan(1e-9);
    expect(studentTQuantile(1 - p, df)).toBeCloseTo(-expected, 9);
  });

  test("one degree of freedom is Cauchy's distribution, two have a closed form", () => {
    for (const p of [0.5, 0.51, 0.8, 0.99]) {
      expect(studentTQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 10);
      const two = (2 * p - 1) * Math.sqrt(1 / (2 * p * (1 - p)));
      expect(studentTQuantile(p, 2)).toBeCloseTo(two, 10);
    }
  });
});

test("the interval of a mean is SciPy's", () => {
  const [low, high] = meanInterval([4.9, 5.1, 4.7, 5.3, 5.0])!;
  expect(low).toBeCloseTo(4.722355489480221, 10);
  expect(high).toBeCloseTo(5.277644510519779, 10);
  expect(meanInterval([1])).toBeUndefined();
  expect(meanInterval([2, 2, 2])).toEqual([2, 2]);
});

test.each([
  [64, 64, 0.9434, 1],
  [3, 64, 0.0161, 0.129],
  [0, 20, 0, 0.1611],
  [10, 20, 0.2993, 0.7007],
  [0, 0, 0, 1],
])("Wilson's interval of %i in %i", (k, n, low, high) => {
  expect(wilsonInterval(k, n)[0]).toBeCloseTo(low, 4);
  expect(wilsonInterval(k, n)[1]).toBeCloseTo(high, 4);
});

describe("interval of the median", () => {
  // Ranks and coverage from scipy.stats.binom; ranks of n = 20, 25, 50 also stand in the usual
  // tables of the sign test.
  test.each([
    [6, 1, 0.96875],
    [8, 1, 0.9921875],
    [9, 2, 0.9609375],
    [10, 2, 0.978515625],
    [15, 4, 0.96484375],
    [20, 6, 0.9586105346679688],
    [25, 8, 0.9567147493362427],
    [50, 18, 0.9671608624357315],
    [1000, 469, 0.9537088026395019],
    [2000, 956, 0.9534471795182164],
  ])("of %i values reaches from rank %i to its mirror image", (n, rank, coverage) => {
    const values = Array.from({ length: n }, (_, i) => ((i * 7) % n) + 1);
    const shuffled = new Set(values).size === n ? values : values.map((_, i) => i + 1).reverse();
    const result = medianInterval(shuffled)!;
    expect(result.interval).toEqual([rank, n + 1 - rank]);
    expect(result.coverage).toBeCloseTo(coverage, 10);
  });

  test("five values have none", () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined();
  });

  test("ties and infinite values", () => {
    expect(medianInterval([0, 0, 0, 0, 0, 0])!.interval).toEqual([0, 0]);
    const one = [1, 2, 3, 4, 5, 6, 7, 8, POSITIVE_INFINITY];
    expect(medianInterval(one)!.interval).toEqual([2, 8]);
    expect(medianInterval([...one.slice(0, 5), POSITIVE_INFINITY])!.interval).toEqual([
      1,
      POSITIVE_INFINITY,
    ]);
  });
});
