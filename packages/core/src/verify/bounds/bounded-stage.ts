// What stands between two dense layers, in training: the stages of engine/reference/operations in
// bounded numbers. Masks and noise are drawn anew from the same streams.

import type { Operation, OperationHyper } from "../../compile/plan.ts";
import { SELU_ALPHA, SELU_SCALE } from "../../engine/reference/activation.ts";
import { drawUniforms, Stream, threefry2x32, uniformFromBits } from "../../shared/random.ts";
import type { Activation } from "../../spec/words.ts";
import { type Arithmetic, type Bounded, branch, ONE, ZERO } from "./arithmetic.ts";
import { boundedActivation, softmax, softmaxGradient } from "./bounded-activation.ts";
import { at, type BoundedTensor, boundedTensor, every, put, putEvery } from "./bounded-tensor.ts";

export interface BoundedParameter {
  readonly values: BoundedTensor;
  readonly gradient: BoundedTensor;
}

export interface BoundedStage {
  readonly output: BoundedTensor;
  forward(step: number): void;
  /** Turns dOutput into dInput in place, and writes the gradients of the stage's own parameters. */
  backward(gradient: BoundedTensor): void;
  commit?(): void;
}

export interface BoundedSite {
  readonly m: Arithmetic;
  readonly input: BoundedTensor;
  readonly batch: number;
  readonly units: number;
  readonly trainingSeed: number;
  readonly position: number;
  readonly numbers: OperationHyper;
  readonly parameter: (
    kind: "alpha" | "gamma" | "beta" | "movingMean" | "movingVariance",
  ) => BoundedParameter | null;
}

/** Null where there is nothing to do. */
export function boundedStage(
  operation: Operation,
  site: BoundedSite,
  block: (index: number) => { output: BoundedTensor; addedGradient: BoundedTensor },
): BoundedStage | null {
  switch (operation.kind) {
    case "activation":
      return activationStage(operation.activation, site);
    case "dropout":
      return dropout(site);
    case "alphaDropout":
      return alphaDropout(site);
    case "gaussianNoise":
      return gaussianNoise(site);
    case "batchNormalization":
      return batchNormalization(site);
    case "layerNormalization":
      return layerNormalization(site);
    case "add":
      return add(site, block(operation.from));
  }
}

export function activationStage(activation: Activation, site: BoundedSite): BoundedStage | null {
  const { m, input, batch, units, numbers } = site;
  if (activation === "linear") return null;
  if (activation === "softmax") return softmaxStage(site);
  if (activation === "prelu") return prelu(site, site.parameter("alpha")!);
  const output = boundedTensor(batch * units);
  const { value, slope } = boundedActivation(m, activation);
  const alpha = m.stored(numbers.alpha);
  return {
    output,
    forward: () => {
      for (let i = 0; i < batch * units; i++) put(output, i, value(at(input, i), alpha));
    },
    backward: (gradient) => {
      for (let i = 0; i < batch * units; i++) {
        const steepness = slope(at(input, i), at(output, i), alpha);
        put(gradient, i, m.multiply(at(gradient, i), steepness));
      }
    },
  };
}

function softmaxStage({ m, input, batch, units }: BoundedSite): BoundedStage {
  const output = boundedTensor(batch * units);
  return {
    output,
    forward: () => {
      for (let b = 0; b < batch; b++) {
        putEvery(output, b * units, 1, softmax(m, every(input, b * units, 1, units)));
      }
    },
    backward: (gradient) => {
      for (let b = 0; b < batch; b++) {
        const [p, dP] = [output, gradient].map((t) => every(t, b * units, 1, units));
        putEvery(gradient, b * units, 1, softmaxGradient(m, p, dP));
      }
    },
  };
}

function prelu({ m, input, batch, units }: BoundedSite, alpha: BoundedParameter): BoundedStage {
  const output = boundedTensor(batch * units);
  return {
    output,
    forward: () => {
      for (let i = 0; i < batch * units; i++) {
        const z = at(input, i);
        const value = branch(
          z,
          () => z,
          () => m.multiply(at(alpha.values, i % units), z),
        );
        put(output, i, value);
      }
    },
    backward: (gradient) => {
      for (let j = 0; j < units; j++) {
        const terms: Bounded[] = [];
        for (let i = j; i < batch * units; i += units) {
          const [z, g] = [at(input, i), at(gradient, i)];
          terms.push(
            branch(
              z,
              () => ZERO,
              () => m.multiply(g, z),
            ),
          );
          put(
            gradient,
            i,
            branch(
              z,
              () => g,
              () => m.multiply(g, at(alpha.values, j)),
            ),
          );
        }
        put(alpha.gradient, j, m.sum(terms));
      }
    },
  };
}

function add(
  { m, input, batch, units }: BoundedSite,
  other: { output: BoundedTensor; addedGradient: BoundedTensor },
): BoundedStage {
  const output = boundedTensor(batch * units);
  return {
    output,
    forward: () => {
      for (let i = 0; i < batch * units; i++) {
        put(output, i, m.add(at(input, i), at(other.output, i)));
      }
    },
    backward: (gradient) => {
      for (let i = 0; i < batch * units; i++) {
        put(other.addedGradient, i, m.add(at(other.addedGradient, i), at(gradient, i)));
      }
    },
  };
}

function dropout({ m, input, batch, units, ...site }: BoundedSite): BoundedStage {
  const { rate } = site.numbers;
  const size = batch * units;
  const output = boundedTensor(size);
  const uniforms = new Float32Array(size);
  const scale = m.rounded(1 / (1 - rate), 0, 2);
  const masked = (from: BoundedTensor, to: BoundedTensor) => {
    for (let i = 0; i < size; i++) {
      put(to, i, uniforms[i] >= rate ? m.multiply(scale, at(from, i)) : ZERO);
    }
  };
  return {
    output,
    forward: (step) => {
      drawUniforms(
        uniforms.subarray(0, size),
        site.trainingSeed,
        Stream.dropout + site.position,
        step,
      );
      masked(input, output);
    },
    backward: (gradient) => masked(gradient, gradient),
  };
}

function alphaDropout({ m, input, batch, units, ...site }: BoundedSite): BoundedStage {
  const { rate } = site.numbers;
  const size = batch * units;
  const output = boundedTensor(size);
  const uniforms = new Float32Array(size);
  const dropped = -SELU_ALPHA * SELU_SCALE;
  const a = 1 / Math.sqrt((1 - rate) * (1 + rate * dropped * dropped));
  const scale = m.rounded(a, 0, 2);
  const shift = m.rounded(-a * dropped * rate, 0, 2);
  return {
    output,
    forward: (step) => {
      drawUniforms(
        uniforms.subarray(0, size),
        site.trainingSeed,
        Stream.dropout + site.position,
        step,
      );
      for (let i = 0; i < size; i++) {
        const x = uniforms[i] < rate ? m.stored(dropped) : at(input, i);
        put(output, i, m.add(m.multiply(scale, x), shift));
      }
    },
    backward: (gradient) => {
      for (let i = 0; i < size; i++) {
        put(gradient, i, uniforms[i] < rate ? ZERO : m.multiply(scale, at(gradient, i)));
      }
    },
  };
}

function gaussianNoise({ m, input, batch, units, ...site }: BoundedSite): BoundedStage {
  const stddev = m.stored(site.numbers.stddev);
  const stream = Stream.noise + site.position;
  const output = boundedTensor(batch * units);
  const words = new Uint32Array(2);
  return {
    output,
    forward: (step) => {
      for (let i = 0; i < batch * units; i++) {
        threefry2x32(site.trainingSeed, stream, i, step, words);
        const noise = normal(m, uniformFromBits(words[0]), uniformFromBits(words[1]));
        put(output, i, m.add(at(input, i), m.multiply(stddev, noise)));
      }
    },
    backward: () => {},
  };
}

/**
 * sqrt(-2 log(1 - u)) cos(2 pi v) of two exact numbers. The angle is rounded twice, and the cosine
 * is a polynomial (fit-polynomials.py) off by two units of 1: WGSL's own may be off by 2^-11.
 */
function normal(m: Arithmetic, u: number, v: number): Bounded {
  const logarithm = m.log({ value: 1 - u, error: 0 });
  const radius = m.squareRoot(m.multiply({ value: -2, error: 0 }, logarithm));
  const angle = 2 * Math.PI * v;
  return m.multiply(radius, m.rounded(Math.cos(angle), 2 * m.ulp * (angle + 1)));
}

/** Mean, variance and 1 / sqrt(variance + epsilon) of a group, and its numbers normalized. */
function normalize(m: Arithmetic, numbers: readonly Bounded[], epsilon: number) {
  const count = m.stored(numbers.length);
  const mean = m.divide(m.sum(numbers), count);
  const centered = numbers.map((x) => m.subtract(x, mean));
  const variance = m.divide(m.sum(centered.map((x) => m.multiply(x, x))), count);
  const inverse = m.divide(ONE, m.squareRoot(m.add(variance, m.stored(epsilon))));
  return { mean, variance, inverse, normalized: centered.map((x) => m.multiply(x, inverse)) };
}

/** inverse (g - (sum of g + n sum of g n) / count): g without its parts along mean and variance. */
function normalizedGradient(
  m: Arithmetic,
  gradients: readonly Bounded[],
  normalized: readonly Bounded[],
  inverse: Bounded,
): Bounded[] {
  const count = m.stored(gradients.length);
  const sum = m.sum(gradients);
  const along = m.sum(gradients.map((g, i) => m.multiply(g, normalized[i])));
  return gradients.map((g, i) => {
    const lost = m.divide(m.add(sum, m.multiply(normalized[i], along)), count);
    return m.multiply(inverse, m.subtract(g, lost));
  });
}

function batchNormalization({ m, input, batch, units, ...site }: BoundedSite): BoundedStage {
  const { momentum, epsilon } = site.numbers;
  const [gamma, beta] = [site.parameter("gamma"), site.parameter("beta")];
  const moving = [site.parameter("movingMean")!, site.parameter("movingVariance")!];
  const output = boundedTensor(batch * units);
  let groups: ReturnType<typeof normalize>[] = [];
  return {
    output,
    forward: () => {
      groups = Array.from({ length: units }, (_, j) =>
        normalize(m, every(input, j, units, batch), epsilon),
      );
      groups.forEach(({ normalized }, j) => {
        const outputs = normalized.map((x) => scaled(m, x, j, gamma, beta));
        putEvery(output, j, units, outputs);
      });
    },
    backward: (gradient) => {
      groups.forEach(({ normalized, inverse }, j) => {
        const g = every(gradient, j, units, batch);
        writeScaleGradients(m, g, normalized, j, gamma, beta);
        const scale = gamma === null ? inverse : m.multiply(at(gamma.values, j), inverse);
        const dInput = normalizedGradient(m, g, normalized, scale);
        putEvery(gradient, j, units, dInput);
      });
    },
    commit: () => {
      const [kept, fresh] = [m.stored(momentum), m.stored(1 - momentum)];
      groups.forEach(({ mean, variance }, j) => {
        for (const [k, measured] of [mean, variance].entries()) {
          const { values } = moving[k];
          put(values, j, m.add(m.multiply(kept, at(values, j)), m.multiply(fresh, measured)));
        }
      });
    },
  };
}

function layerNormalization({ m, input, batch, units, ...site }: BoundedSite): BoundedStage {
  const [gamma, beta] = [site.parameter("gamma"), site.parameter("beta")];
  const output = boundedTensor(batch * units);
  let groups: ReturnType<typeof normalize>[] = [];
  return {
    output,
    forward: () => {
      groups = Array.from({ length: batch }, (_, b) =>
        normalize(m, every(input, b * units, 1, units), site.numbers.epsilon),
      );
      groups.forEach(({ normalized }, b) => {
        const outputs = normalized.map((x, j) => scaled(m, x, j, gamma, beta));
        putEvery(output, b * units, 1, outputs);
      });
    },
    backward: (gradient) => {
      for (let j = 0; j < units; j++) {
        const normalized = groups.map((group) => group.normalized[j]);
        writeScaleGradients(m, every(gradient, j, units, batch), normalized, j, gamma, beta);
      }
      groups.forEach(({ normalized, inverse }, b) => {
        const g = every(gradient, b * units, 1, units).map((x, j) =>
          gamma === null ? x : m.multiply(x, at(gamma.values, j)),
        );
        const dInput = normalizedGradient(m, g, normalized, inverse);
        putEvery(gradient, b * units, 1, dInput);
      });
    },
  };
}

function scaled(
  m: Arithmetic,
  x: Bounded,
  unit: number,
  gamma: BoundedParameter | null,
  beta: BoundedParameter | null,
): Bounded {
  const stretched = gamma === null ? x : m.multiply(at(gamma.values, unit), x);
  return beta === null ? stretched : m.add(stretched, at(beta.values, unit));
}

function writeScaleGradients(
  m: Arithmetic,
  gradients: readonly Bounded[],
  normalized: readonly Bounded[],
  unit: number,
  gamma: BoundedParameter | null,
  beta: BoundedParameter | null,
): void {
  if (beta !== null) put(beta.gradient, unit, m.sum(gradients));
  if (gamma === null) return;
  put(gamma.gradient, unit, m.sum(gradients.map((g, i) => m.multiply(g, normalized[i]))));
}
