import { describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../../test/node-gpu.ts";
import { runShader } from "../../../test/run-shader.ts";
import { mathWgsl } from "../math.wgsl.ts";
import {
  ACTIVATION_SOURCES,
  activationCall,
  activationsWgsl,
  type ElementwiseActivation,
} from "./activation.wgsl.ts";

/** Kinks, where series change over, and far out where naive formulas overflow; a multiple of 4. */
const POINTS = [
  -1e4, -104, -88, -50, -20, -9, -5, -2, -1, -0.7, -0.626, -0.624, -0.35, -0.34, -0.1, -1e-3, -1e-6,
  0, 1e-6, 1e-3, 0.1, 0.5, 0.624, 0.626, 1, 1.7, 2, 5, 9, 20, 50, 88, 104, 1e4, 3, -3,
].map(Math.fround);

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const SCALE = 1.0507009873554805;
const ALPHA = 1.6732632423543772;

/** Value and slope in double. */
const EXPECTED: Record<ElementwiseActivation, [(z: number) => number, (z: number) => number]> = {
  linear: [(z) => z, () => 1],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  leakyReLU: [(z) => (z < 0 ? 0.2 * z : z), (z) => (z > 0 ? 1 : 0.2)],
  elu: [(z) => (z < 0 ? 0.7 * Math.expm1(z) : z), (z) => (z > 0 ? 1 : 0.7 * Math.exp(z))],
  selu: [
    (z) => SCALE * (z < 0 ? ALPHA * Math.expm1(z) : z),
    (z) => SCALE * (z > 0 ? 1 : ALPHA * Math.exp(z)),
  ],
  gelu: [(z) => z * normal(z), (z) => normal(z) + z * density(z)],
  geluTanh: [
    (z) => z * sigmoid(geluInner(z)),
    (z) => {
      const s = sigmoid(geluInner(z));
      return s + z * s * (1 - s) * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z);
    },
  ],
  hardSigmoid: [
    (z) => Math.min(Math.max(z / 6 + 0.5, 0), 1),
    (z) => (z > -3 && z <= 3 ? 1 / 6 : 0),
  ],
  sigmoid: [sigmoid, (z) => sigmoid(z) * sigmoid(-z)],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  softplus: [softplus, sigmoid],
  softsign: [(z) => z / (1 + Math.abs(z)), (z) => 1 / (1 + Math.abs(z)) ** 2],
  swish: [(z) => z * sigmoid(z), (z) => sigmoid(z) * (1 + z * sigmoid(-z))],
  mish: [
    (z) => z * Math.tanh(softplus(z)),
    (z) => Math.tanh(softplus(z)) + z * sigmoid(z) * (1 - Math.tanh(softplus(z)) ** 2),
  ],
  exponential: [infiniteAsFloat32(Math.exp), infiniteAsFloat32(Math.exp)],
};

/** What float32 cannot hold is infinite. */
function infiniteAsFloat32(f: (z: number) => number): (z: number) => number {
  return (z) => (Number.isFinite(Math.fround(f(z))) ? f(z) : Number.POSITIVE_INFINITY);
}

/** WGSL allows exp(x) 3 + 2 |x| of these; docs/numerics.md. */
const EXP_ULP = 2 ** -23;

/** The argument of geluTanh's tanh, twice: 1 + tanh(x) is 2 sigmoid(2 x). */
function geluInner(z: number): number {
  return 2 * Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3);
}

function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** Marsaglia's series; see the reference engine. */
function normal(z: number): number {
  if (Math.abs(z) > 8) return z < 0 ? 0 : 1;
  let term = z;
  let sum = z;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum); divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return 0.5 + sum * density(z);
}

function density(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** Other than the defaults, which a formula might have by heart. */
const ALPHA_OF: Partial<Record<ElementwiseActivation, string>> = { leakyReLU: "0.2", elu: "0.7" };

const names = Object.keys(ACTIVATION_SOURCES) as ElementwiseActivation[];

describe.skipIf(hasNoAdapter)("activations in WGSL", () => {
  test.each(names)("%s and its slope follow double precision to 1e-6", async (name) => {
    const { slopeReadsActivation } = ACTIVATION_SOURCES[name];
    const code = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> io: array<vec4f>;
${mathWgsl}
${activationsWgsl([name])}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let z = io[2u * group.x];
  let a = ${activationCall("activate", name, "z", ALPHA_OF[name] ?? "0.0")};
  io[2u * group.x] = a;
  io[2u * group.x + 1u] = ${activationCall("slope", name, slopeReadsActivation ? "a" : "z", ALPHA_OF[name] ?? "0.0")};
}`;
    const io = new Float32Array(2 * POINTS.length);
    POINTS.forEach((z, i) => {
      io[8 * (i >> 2) + (i & 3)] = z;
    });
    const out = new Float32Array(await runShader(nodeGpu(), code, io, POINTS.length / 4));
    const [value, slope] = EXPECTED[name];
    POINTS.forEach((z, i) => {
      const place = 8 * (i >> 2) + (i & 3);
      const tolerance = name === "exponential" ? EXP_ULP * (3 + 2 * Math.abs(z)) : 1e-6;
      expectClose(`${name}(${z})`, out[place], value(z), tolerance);
      expectClose(`slope of ${name} at ${z}`, out[place + 4], slope(z), tolerance);
    });
  });
});

/** Relative to the number, or absolute for those below 1: what a sum with others can notice. */
function expectClose(what: string, actual: number, expected: number, tolerance: number): void {
  const message = `${what} is ${actual}, should be ${expected}`;
  if (!Number.isFinite(Math.fround(expected))) {
    expect(actual, message).toBe(expected);
    return;
  }
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  expect(error, message).toBeLessThanOrEqual(tolerance);
}
