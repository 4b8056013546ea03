// Initial weights of a network by Keras's initializers. Every number is a function of
// (seed, layer, position in the layer), so an engine may draw them in any order, or on the device.

import type { Hyper, Layer, Network, ParameterTensor } from "../compile/plan.ts";
import { drawUniforms, normalAt, Stream } from "../shared/random.ts";
import type { Initializer } from "../spec/spec.ts";

/**
 * All parameters of `network` before its first step, flat in the order of `network.layout`; moving
 * statistics start at mean 0 and variance 1.
 *
 * @param hyper Where prelu's slopes start, Keras's 0 when absent; and weights that are given.
 */
export function initialParameters(
  network: Network,
  seed: number,
  hyper: Pick<Hyper, "alpha" | "operations" | "initialWeights"> = {},
): Float32Array {
  const parameters = new Float32Array(network.layout.size);
  const placeInLayer = new Uint32Array(network.layers.length);
  for (const tensor of network.layout.tensors) {
    const values = parameters.subarray(tensor.offset, tensor.offset + tensor.size);
    const constant = constantStart(tensor, hyper);
    if (constant !== undefined) {
      values.fill(constant);
      continue;
    }
    const layer = network.layers[tensor.layer];
    const start = placeInLayer[tensor.layer];
    const numbers = {
      seed,
      stream: Stream.initialWeights + tensor.layer,
      start,
    };
    initialize(values, initializerOf(layer, tensor.kind), tensor, numbers);
    if (tensor.kind === "bias") openForgetGate(values, layer);
    placeInLayer[tensor.layer] += tensor.size;
  }
  hyper.initialWeights?.forEach((weight, i) => {
    if (!Number.isNaN(weight)) parameters[i] = weight;
  });
  return parameters;
}

function initializerOf(
  { kernelInitializer, biasInitializer, transform }: Layer,
  kind: ParameterTensor["kind"],
): Initializer {
  if (kind === "kernel") return kernelInitializer;
  const isRecurrent = kind === "recurrentKernel" && transform && "units" in transform;
  return isRecurrent ? transform.recurrentInitializer : biasInitializer;
}

/** Jozefowicz et al. 2015: an LSTM that starts by remembering. Its gates: input, forget, ... */
function openForgetGate(bias: Float32Array, { transform }: Layer): void {
  if (transform?.kind !== "lstm" || !transform.unitForgetBias) return;
  bias.fill(1, transform.units, 2 * transform.units);
}

function constantStart(
  { kind, layer, operation }: ParameterTensor,
  { alpha, operations }: Pick<Hyper, "alpha" | "operations">,
): number | undefined {
  switch (kind) {
    case "alpha":
      return (operation === undefined ? alpha?.[layer] : operations?.[operation].alpha) ?? 0;
    case "gamma":
    case "movingVariance":
      return 1;
    case "beta":
    case "movingMean":
      return 0;
    default:
      return undefined;
  }
}

/** Where the numbers of one tensor start in the stream of its layer. */
interface Numbers {
  readonly seed: number;
  readonly stream: number;
  readonly start: number;
}

/** Writes the numbers of one tensor. */
type Draw = (values: Float32Array, numbers: Numbers) => void;

function initialize(
  values: Float32Array,
  initializer: Initializer,
  tensor: ParameterTensor,
  numbers: Numbers,
): void {
  switch (initializer.name) {
    case "identity":
      for (let i = 0; i < Math.min(...tensor.shape); i++) {
        values[i * (tensor.shape.at(-1)! + 1)] = initializer.gain;
      }
      return;
    case "orthogonal":
      values.set(orthogonal(tensor.shape, numbers).map((value) => initializer.gain * value));
      return;
    default:
      drawOf(initializer, fans(tensor))(values, numbers);
  }
}

type Independent = Exclude<Initializer, { name: "identity" | "orthogonal" }>;

/** Initializers whose numbers do not depend on each other. */
function drawOf(initializer: Independent, [fanIn, fanOut]: readonly [number, number]): Draw {
  switch (initializer.name) {
    case "glorotUniform":
      return uniform(Math.sqrt(6 / (fanIn + fanOut)));
    case "heUniform":
      return uniform(Math.sqrt(6 / fanIn));
    case "leCunUniform":
      return uniform(Math.sqrt(3 / fanIn));
    case "randomUniform": {
      const { minval, maxval } = initializer;
      const middle = (minval + maxval) / 2;
      return uniform((maxval - minval) / 2, middle);
    }
    case "glorotNormal":
      return truncatedNormal(Math.sqrt(2 / (fanIn + fanOut)) / TRUNCATED_SD);
    case "heNormal":
      return truncatedNormal(Math.sqrt(2 / fanIn) / TRUNCATED_SD);
    case "leCunNormal":
      return truncatedNormal(Math.sqrt(1 / fanIn) / TRUNCATED_SD);
    case "randomNormal":
      return normal(initializer.stddev, initializer.mean);
    // Keras scales this one before truncation, unlike those of variance scaling.
    case "truncatedNormal":
      return truncatedNormal(initializer.stddev, initializer.mean);
    case "varianceScaling": {
      const { scale, mode, distribution } = initializer;
      const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
      const sd = Math.sqrt(scale / Math.max(1, fan));
      if (distribution === "uniform") return uniform(Math.sqrt(3) * sd);
      return distribution === "truncatedNormal" ? truncatedNormal(sd / TRUNCATED_SD) : normal(sd);
    }
    case "constant":
      return (values) => values.fill(initializer.value);
    case "zeros":
      return (values) => values.fill(0);
    case "ones":
      return (values) => values.fill(1);
  }
}

/**
 * As Keras: both fans of a vector, such as a bias, are its length; behind two axes of a kernel
 * stand its places, each of which counts.
 */
function fans({ shape }: ParameterTensor): [fanIn: number, fanOut: number] {
  const places = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  return [(shape.at(-2) ?? shape[0]) * places, shape[shape.length - 1] * places];
}

function uniform(limit: number, middle = 0): Draw {
  return (values, { seed, stream, start }) => {
    drawUniforms(values, seed, stream, 0, start);
    for (let i = 0; i < values.length; i++) values[i] = middle + limit * (2 * values[i] - 1);
  };
}

function normal(sd: number, mean = 0): Draw {
  return (values, { seed, stream, start }) => {
    for (let i = 0; i < values.length; i++) {
      values[i] = mean + sd * normalAt(seed, stream, start + i, 0, words);
    }
  };
}

/** Standard deviation of a standard normal number that is redrawn outside +-2; Keras's constant. */
const TRUNCATED_SD = 0.87962566103423978;

/** `sd` times a standard normal number that is redrawn outside +-2. */
function truncatedNormal(sd: number, mean = 0): Draw {
  return (values, { seed, stream, start }) => {
    for (let i = 0; i < values.length; i++) {
      let value = normalAt(seed, stream, start + i, 0, words);
      for (let step = 1; Math.abs(value) > 2; step++) {
        value = normalAt(seed, stream, start + i, step, words);
      }
      values[i] = mean + sd * value;
    }
  };
}

/** Room for a block of random words. */
const words = new Uint32Array(2);

/**
 * Rows or columns, whichever are fewer, orthonormal: modified Gram-Schmidt, twice for accuracy
 * ("twice is enough", Giraud et al. 2005), on a normal matrix. Its sign is that of the projection,
 * which makes it uniform over orthogonal matrices (Mezzadri 2007).
 */
function orthogonal(shape: readonly number[], { seed, stream, start }: Numbers): Float64Array {
  const columns = shape.at(-1)!;
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let k = 0; k < Math.min(rows, columns); k++) {
    const vector = Float64Array.from({ length }, (_, i) =>
      normalAt(seed, stream, start + k * length + i),
    );
    for (const earlier of [...vectors, ...vectors]) {
      const along = dot(vector, earlier);
      for (let i = 0; i < length; i++) vector[i] -= along * earlier[i];
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  const tall = rows >= columns;
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns);
    const column = i % columns;
    return tall ? vectors[column][row] : vectors[row][column];
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
