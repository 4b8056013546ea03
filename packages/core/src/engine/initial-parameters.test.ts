import { describe, expect, test } from "vitest";
import { parameterLayout } from "../compile/parameter-layout.ts";
import type { Layer, Network } from "../compile/plan.ts";
import type { Initializer } from "../spec/spec.ts";
import { initialParameters } from "./initial-parameters.ts";

const INPUTS = 200;
const UNITS = 300;

function oneLayer(kernelInitializer: Initializer, biasInitializer: Initializer = "zeros"): Network {
  return networkOf([INPUTS, UNITS], { kernelInitializer, biasInitializer });
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

function kernelOf(initializer: Initializer, seed = 1): Float32Array {
  return initialParameters(oneLayer(initializer), seed).subarray(0, INPUTS * UNITS);
}

function moments(values: Float32Array) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const extreme = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  return { mean, sd: Math.sqrt(variance), extreme };
}

// Standard deviation and bound by Keras's documentation of each initializer.
describe.each<[Initializer, number, number]>([
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
])("%s", (name, sd, bound) => {
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
    kernelInitializer: "randomUniform",
    biasInitializer: "randomUniform",
  });
  expect(new Set(initialParameters(network, 0)).size).toBe(network.layout.size);
});

// The engines draw these on their own devices; a changed number here changes every recorded run.
test("the first numbers of a seed", () => {
  const parameters = initialParameters(
    networkOf([2, 2, 1], { kernelInitializer: "glorotUniform", biasInitializer: "zeros" }),
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
  const normal = networkOf([2, 2], { kernelInitializer: "heNormal", biasInitializer: "zeros" });
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
