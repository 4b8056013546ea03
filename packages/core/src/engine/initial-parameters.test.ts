import { describe, expect, test } from "vitest";
import { parameterLayout } from "../compile/parameter-layout.ts";
import type { Layer, Network } from "../compile/plan.ts";
import { type Initializer, initializerSchema } from "../spec/initializers.ts";
import { initialParameters } from "./initial-parameters.ts";

const INPUTS = 200;
const UNITS = 300;

/** As written in a spec: a name, or an object with settings. */
type Written = string | Record<string, unknown>;

function oneLayer(kernel: Written, bias: Written = "zeros"): Network {
  return networkOf([INPUTS, UNITS], {
    kernelInitializer: parse(kernel),
    biasInitializer: parse(bias),
  });
}

function parse(written: Written): Initializer {
  return initializerSchema.parse(written);
}

function networkOf(
  widths: number[],
  initializers: Pick<Layer, "kernelInitializer" | "biasInitializer">,
): Network {
  const layers: Layer[] = widths.slice(1).map((units, i) => ({
    inputs: widths[i],
    units,
    activation: "linear",
    useBias: true,
    ...initializers,
  }));
  return {
    inputs: widths[0],
    layers,
    loss: "meanSquaredError",
    optimizer: { name: "sgd", momentum: false, nesterov: false },
    layout: parameterLayout(layers),
  };
}

function kernelOf(initializer: Written, seed = 1): Float32Array {
  return initialParameters(oneLayer(initializer), seed).subarray(0, INPUTS * UNITS);
}

function moments(values: Float32Array) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const extreme = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  return { mean, sd: Math.sqrt(variance), extreme };
}

// Standard deviation and bound by Keras's documentation of each initializer.
describe.each<[Written, number, number]>([
  ["glorotUniform", Math.sqrt(2 / (INPUTS + UNITS)), Math.sqrt(6 / (INPUTS + UNITS))],
  ["heUniform", Math.sqrt(2 / INPUTS), Math.sqrt(6 / INPUTS)],
  ["leCunUniform", Math.sqrt(1 / INPUTS), Math.sqrt(3 / INPUTS)],
  ["randomUniform", 0.05 / Math.sqrt(3), 0.05],
  [
    "glorotNormal",
    Math.sqrt(2 / (INPUTS + UNITS)),
    (2 * Math.sqrt(2 / (INPUTS + UNITS))) / 0.87962566103423978,
  ],
  ["heNormal", Math.sqrt(2 / INPUTS), (2 * Math.sqrt(2 / INPUTS)) / 0.87962566103423978],
  ["leCunNormal", Math.sqrt(1 / INPUTS), (2 * Math.sqrt(1 / INPUTS)) / 0.87962566103423978],
  ["randomNormal", 0.05, Number.POSITIVE_INFINITY],
  [{ name: "truncatedNormal", stddev: 0.1 }, 0.1 * 0.87962566103423978, 0.2],
  [
    { name: "varianceScaling", scale: 2, mode: "fanAvg", distribution: "uniform" },
    Math.sqrt(4 / (INPUTS + UNITS)),
    Math.sqrt(12 / (INPUTS + UNITS)),
  ],
  [
    { name: "varianceScaling", scale: 2, mode: "fanOut", distribution: "untruncatedNormal" },
    Math.sqrt(2 / UNITS),
    Number.POSITIVE_INFINITY,
  ],
])("%j", (name, sd, bound) => {
  const values = moments(kernelOf(name));

  test("has Keras's spread around zero", () => {
    // 60,000 numbers: four standard errors of the mean, and of the sd of a normal distribution.
    expect(Math.abs(values.mean)).toBeLessThan((4 * sd) / Math.sqrt(60_000));
    expect(Math.abs(values.sd / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * 60_000));
  });

  test("stays within its bound and comes close to it", () => {
    expect(values.extreme).toBeLessThanOrEqual(bound * (1 + 2 ** -23));
    if (Number.isFinite(bound)) expect(values.extreme).toBeGreaterThan(0.99 * bound);
    else expect(values.extreme).toBeGreaterThan(3.5 * sd);
  });
});

test("zeros and ones fill; a bias is initialized by its own initializer", () => {
  const parameters = initialParameters(oneLayer("zeros", "ones"), 5);
  expect(new Set(parameters.subarray(0, INPUTS * UNITS))).toEqual(new Set([0]));
  expect(new Set(parameters.subarray(INPUTS * UNITS))).toEqual(new Set([1]));
});

test("constant and identity are what they say", () => {
  expect(new Set(kernelOf({ name: "constant", value: 0.25 }))).toEqual(new Set([0.25]));
  const identity = kernelOf({ name: "identity", gain: 2 });
  expect(identity[0]).toBe(2);
  expect(identity[UNITS + 1]).toBe(2);
  expect(identity.reduce((sum, value) => sum + value, 0)).toBe(2 * INPUTS);
});

test("orthogonal: the rows of a wide kernel are orthonormal, times the gain", () => {
  const kernel = kernelOf({ name: "orthogonal", gain: 3 });
  const row = (k: number) => kernel.subarray(k * UNITS, (k + 1) * UNITS);
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  expect(product(row(0), row(0))).toBeCloseTo(9, 4);
  expect(product(row(7), row(7))).toBeCloseTo(9, 4);
  expect(product(row(0), row(7))).toBeCloseTo(0, 4);
});

test("gamma and moving variance start at 1, beta and moving mean at 0, slopes where they are told", () => {
  const layers: Layer[] = [
    {
      inputs: 2,
      units: 3,
      activation: "prelu",
      useBias: false,
      kernelInitializer: parse("zeros"),
      biasInitializer: parse("zeros"),
      after: [{ kind: "batchNormalization", center: true, scale: true }],
    },
  ];
  const network: Network = {
    inputs: 2,
    layers,
    loss: "meanSquaredError",
    optimizer: { name: "sgd", momentum: false, nesterov: false },
    layout: parameterLayout(layers),
  };
  const kinds = network.layout.tensors.map((tensor) => tensor.kind);
  expect(kinds).toEqual(["kernel", "alpha", "gamma", "beta", "movingMean", "movingVariance"]);
  const values = initialParameters(network, 1, { alpha: [0.25] }).subarray(6);
  expect([...values]).toEqual([0.25, 0.25, 0.25, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
});

test("the fans of a bias are both its length", () => {
  const bias = initialParameters(oneLayer("zeros", "glorotUniform"), 5).subarray(INPUTS * UNITS);
  const limit = Math.sqrt(6 / (UNITS + UNITS));
  expect(moments(bias).extreme).toBeLessThanOrEqual(limit);
  expect(moments(bias).extreme).toBeGreaterThan(0.95 * limit);
});

test("one seed gives one network, another seed another", () => {
  expect(kernelOf("heNormal", 3)).toEqual(kernelOf("heNormal", 3));
  expect(kernelOf("heNormal", 3)).not.toEqual(kernelOf("heNormal", 4));
});

test("two layers of one shape do not share numbers, and neither do kernel and bias", () => {
  const network = networkOf([4, 4, 4], {
    kernelInitializer: parse("randomUniform"),
    biasInitializer: parse("randomUniform"),
  });
  expect(new Set(initialParameters(network, 0)).size).toBe(network.layout.size);
});

// The engines draw these on their own devices; a changed number here changes every recorded run.
test("the first numbers of a seed", () => {
  const parameters = initialParameters(
    networkOf([2, 2, 1], {
      kernelInitializer: parse("glorotUniform"),
      biasInitializer: parse("zeros"),
    }),
    42,
  );
  expect([...parameters]).toMatchInlineSnapshot(`
    [
      1.0524426698684692,
      0.98470538854599,
      -0.3366391062736511,
      1.170577049255371,
      0,
      0,
      -1.2834628820419312,
      1.3202505111694336,
      0,
    ]
  `);
  const normal = networkOf([2, 2], {
    kernelInitializer: parse("heNormal"),
    biasInitializer: parse("zeros"),
  });
  expect([...initialParameters(normal, 42)]).toMatchInlineSnapshot(`
    [
      2.1383464336395264,
      1.0684783458709717,
      0.01815391145646572,
      0.3655710220336914,
      0,
      0,
    ]
  `);
});
