// Every layer of the fallback with a plain loop that computes one sample of one network in float64,
// and the comparison of the two: outputs directly, gradients by central differences of the loop.

import { uniformAt } from "@convergence-lab/core";
import { type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { conv1d } from "../../src/fallback-tfjs/layers/conv1d.ts";
import { conv2d } from "../../src/fallback-tfjs/layers/conv2d.ts";
import { dense } from "../../src/fallback-tfjs/layers/dense.ts";
import { depthwiseConv2d } from "../../src/fallback-tfjs/layers/depthwise-conv2d.ts";
import { embedding } from "../../src/fallback-tfjs/layers/embedding.ts";
import {
  globalAveragePooling,
  globalMaxPooling,
} from "../../src/fallback-tfjs/layers/global-pooling.ts";
import { gru } from "../../src/fallback-tfjs/layers/gru.ts";
import { type Layer, sizeOf } from "../../src/fallback-tfjs/layers/layer.ts";
import { lstm } from "../../src/fallback-tfjs/layers/lstm.ts";
import { averagePooling, maxPooling } from "../../src/fallback-tfjs/layers/pooling.ts";
import { simpleRnn } from "../../src/fallback-tfjs/layers/simple-rnn.ts";

export interface LayerCase {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly layer: Layer;
  /** One sample through one network. */
  readonly plain: (parameters: readonly Values[], input: Values) => number[];
  /** Embedding: inputs are tokens, drawn from so many. */
  readonly tokens?: number;
}

type Values = ArrayLike<number>;

const MODELS = 3;
const BATCH = 4;
const TRAINING = { training: true, step: 0, seeds: [0, 1, 2] };

/** The largest differences, each relative to the largest number of its quantity. */
export async function layerErrors({ inputShape, layer, plain, tokens }: LayerCase) {
  const inputSize = sizeOf(inputShape);
  const outputSize = sizeOf(layer.outputShape);
  const draw = (stream: number, size: number) =>
    Float32Array.from({ length: size }, (_, i) => 2 * uniformAt(7, stream, i) - 1);
  const input = draw(0, MODELS * BATCH * inputSize).map((u) =>
    tokens === undefined ? u : Math.floor(((u + 1) / 2) * tokens),
  );
  const parameters = layer.parameters.map((rule, i) => draw(i + 1, MODELS * sizeOf(rule.shape)));
  const dOutput = draw(20, MODELS * BATCH * outputSize);

  const actual = tidy(() => {
    const weights = layer.parameters.map((rule, i) =>
      tensor(parameters[i], [MODELS, ...rule.shape]),
    );
    const forward = layer.forward(weights, tensor(input, [MODELS, BATCH, ...inputShape]), TRAINING);
    const backward = forward.backward(tensor(dOutput, forward.output.shape));
    return [forward.output, backward.dInput(), ...backward.dParameters];
  });
  const shapes = actual.map(({ shape }) => shape);
  const [output, dInput, ...dParameters] = await Promise.all(actual.map(take));

  // Everything in float64 from here on.
  const values = { input: Float64Array.from(input), parameters: parameters.map(inFloat64) };
  const outputOf = (model: number, sample: number) =>
    plain(
      values.parameters.map((all, i) => part(all, model, sizeOf(layer.parameters[i].shape))),
      part(values.input, model * BATCH + sample, inputSize),
    );
  /** Sum of outputs times dOutput over the samples of one network. */
  const objective = (model: number) => {
    let sum = 0;
    for (let sample = 0; sample < BATCH; sample++) {
      const first = (model * BATCH + sample) * outputSize;
      outputOf(model, sample).forEach((value, i) => {
        sum += value * dOutput[first + i];
      });
    }
    return sum;
  };
  const slopes = (target: Float64Array, perModel: number) =>
    target.map((start, i) => {
      const model = Math.floor(i / perModel);
      const at = (value: number) => {
        target[i] = value;
        const result = objective(model);
        target[i] = start;
        return result;
      };
      const h = 1e-5;
      return (at(start + h) - at(start - h)) / (2 * h);
    });
  const expectedOutput = Array.from({ length: MODELS * BATCH }, (_, row) =>
    outputOf(Math.floor(row / BATCH), row % BATCH),
  ).flat();
  return {
    shapes,
    output: relativeError(output, expectedOutput),
    dInput:
      tokens === undefined
        ? relativeError(dInput, slopes(values.input, BATCH * inputSize))
        : relativeError(dInput, new Float64Array(dInput.length)),
    dParameters: values.parameters.map((all, i) =>
      relativeError(dParameters[i], slopes(all, sizeOf(layer.parameters[i].shape))),
    ),
  };
}

/**
 * Whether the first and the last network give the same bits when the one between them has
 * parameters, inputs and output gradients that are not finite; and whether its own gradients show it.
 */
export async function isolation({ inputShape, layer, tokens }: LayerCase) {
  const run = async (spoilt: number | null) => {
    const draw = (shape: readonly number[], stream: number, wholes?: number) => {
      const size = MODELS * sizeOf(shape);
      const values = Float32Array.from({ length: size }, (_, i) => {
        const u = uniformAt(7, stream, i);
        return wholes === undefined ? 2 * u - 1 : Math.floor(u * wholes);
      });
      const first = sizeOf(shape);
      if (spoilt !== null && wholes === undefined) values.fill(spoilt, first, 2 * first);
      return tensor(values, [MODELS, ...shape]);
    };
    const results = tidy(() => {
      const weights = layer.parameters.map((rule, i) => draw(rule.shape, i + 1));
      const input = draw([BATCH, ...inputShape], 0, tokens);
      const forward = layer.forward(weights, input, TRAINING);
      const backward = forward.backward(draw([BATCH, ...layer.outputShape], 20));
      return [forward.output, backward.dInput(), ...backward.dParameters];
    });
    return Promise.all(results.map(take));
  };
  const [clean, ...others] = await Promise.all([run(null), run(Number.NaN), run(Infinity)]);
  const neighbours = (values: Float32Array) => {
    const size = values.length / MODELS;
    return [...values.subarray(0, size), ...values.subarray(2 * size)];
  };
  return {
    neighboursKeepTheirBits: others.every((spoilt) =>
      spoilt.every((values, i) => {
        const expected = neighbours(clean[i]);
        return neighbours(values).every((value, j) => Object.is(value, expected[j]));
      }),
    ),
    itsGradientsShow: others.every((spoilt) => {
      const gradients = spoilt.slice(2);
      const own = gradients.map((values) =>
        values.subarray(values.length / MODELS, (2 * values.length) / MODELS),
      );
      return gradients.length === 0 || own.some((values) => !values.every(Number.isFinite));
    }),
  };
}

function inFloat64(values: Float32Array): Float64Array {
  return Float64Array.from(values);
}

function part(values: Float64Array, index: number, size: number): Float64Array {
  return values.subarray(index * size, (index + 1) * size);
}

async function take(values: Tensor): Promise<Float32Array> {
  const read = (await values.data()) as Float32Array;
  values.dispose();
  return read;
}

function relativeError(actual: Values, expected: Values): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers came`);
  const scale = Array.from(expected).reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  return Math.max(...Array.from(actual, (value, i) => Math.abs(value - expected[i]) / scale));
}

// --- plain loops ---

interface Plane {
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly padding: "valid" | "same";
}

/** Calls `visit` for every (output row, output column, kernel position) that lies inside. */
function eachTap(
  { size, kernel, strides, dilation = [1, 1], padding }: Plane,
  visit: (output: number, tap: number, pixel: number) => void,
): number {
  const outputs = [0, 1].map((axis) => {
    const extent = (kernel[axis] - 1) * dilation[axis] + 1;
    return padding === "same"
      ? Math.ceil(size[axis] / strides[axis])
      : Math.floor((size[axis] - extent) / strides[axis]) + 1;
  });
  const before = [0, 1].map((axis) => {
    const extent = (kernel[axis] - 1) * dilation[axis] + 1;
    const needed = (outputs[axis] - 1) * strides[axis] + extent - size[axis];
    return padding === "same" ? Math.floor(Math.max(needed, 0) / 2) : 0;
  });
  for (let oy = 0; oy < outputs[0]; oy++) {
    for (let ox = 0; ox < outputs[1]; ox++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++) {
          const y = oy * strides[0] + ky * dilation[0] - before[0];
          const x = ox * strides[1] + kx * dilation[1] - before[1];
          if (y < 0 || x < 0 || y >= size[0] || x >= size[1]) continue;
          visit(oy * outputs[1] + ox, ky * kernel[1] + kx, y * size[1] + x);
        }
      }
    }
  }
  return outputs[0] * outputs[1];
}

function plainConv(plane: Plane, filters: number, depthwise: boolean): LayerCase["plain"] {
  return ([kernel, bias], input) => {
    const width = depthwise ? plane.channels * filters : filters;
    const output: number[] = [];
    const count = eachTap(plane, (at, tap, pixel) => {
      for (let c = 0; c < plane.channels; c++) {
        for (let f = 0; f < filters; f++) {
          const place = at * width + (depthwise ? c * filters + f : f);
          output[place] ??= 0;
          output[place] +=
            input[pixel * plane.channels + c] * kernel[(tap * plane.channels + c) * filters + f];
        }
      }
    });
    return Array.from(
      { length: count * width },
      (_, i) => (output[i] ?? 0) + (bias === undefined ? 0 : bias[i % width]),
    );
  };
}

function plainPool(plane: Plane, kind: "max" | "average"): LayerCase["plain"] {
  return (_parameters, input) => {
    const seen: number[][] = [];
    eachTap(plane, (at, _tap, pixel) => {
      for (let c = 0; c < plane.channels; c++) {
        const place = at * plane.channels + c;
        seen[place] ??= [];
        seen[place].push(input[pixel * plane.channels + c]);
      }
    });
    return seen.map((values) =>
      kind === "max" ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length,
    );
  };
}

function plainGlobalPool(channels: number, kind: "max" | "average"): LayerCase["plain"] {
  return (_parameters, input) =>
    Array.from({ length: channels }, (_, c) => {
      const values = Array.from(input).filter((_value, i) => i % channels === c);
      return kind === "max"
        ? Math.max(...values)
        : values.reduce((a, b) => a + b, 0) / values.length;
    });
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** `next` gives the new states from the two products, gate by gate and unit by unit. */
function plainRecurrent(
  shape: { steps: number; inputs: number; units: number; gates: number; sequences: boolean },
  next: (x: number[][], u: number[][], states: number[][]) => number[][],
  biases: 0 | 1 | 2,
): LayerCase["plain"] {
  const { steps, inputs, units, gates, sequences } = shape;
  return ([kernel, recurrentKernel, bias], input) => {
    const product = (rows: Values, count: number, matrix: Values, biasAt: number | null) =>
      Array.from({ length: gates }, (_, gate) =>
        Array.from({ length: units }, (_unit, unit) => {
          const column = gate * units + unit;
          let sum = biasAt === null ? 0 : bias[biasAt * gates * units + column];
          for (let i = 0; i < count; i++) sum += rows[i] * matrix[i * gates * units + column];
          return sum;
        }),
      );
    let states = [Array(units).fill(0), Array(units).fill(0)];
    const outputs: number[] = [];
    for (let t = 0; t < steps; t++) {
      const x = Array.from({ length: inputs }, (_, i) => input[t * inputs + i]);
      states = next(
        product(x, inputs, kernel, biases > 0 ? 0 : null),
        product(states[0], units, recurrentKernel, biases === 2 ? 1 : null),
        states,
      );
      outputs.push(...states[0]);
    }
    return sequences ? outputs : states[0];
  };
}

const rnnNext = (x: number[][], u: number[][]) => {
  const h = x[0].map((value, i) => Math.tanh(value + u[0][i]));
  return [h, h];
};

const lstmNext = (x: number[][], u: number[][], [, c]: number[][]) => {
  const sums = x.map((gate, g) => gate.map((value, i) => value + u[g][i]));
  const cell = c.map(
    (value, i) => sigmoid(sums[1][i]) * value + sigmoid(sums[0][i]) * Math.tanh(sums[2][i]),
  );
  return [cell.map((value, i) => sigmoid(sums[3][i]) * Math.tanh(value)), cell];
};

const gruNext = (x: number[][], u: number[][], [h]: number[][]) => {
  const output = h.map((before, i) => {
    const update = sigmoid(x[0][i] + u[0][i]);
    const reset = sigmoid(x[1][i] + u[1][i]);
    return update * before + (1 - update) * Math.tanh(x[2][i] + reset * u[2][i]);
  });
  return [output, output];
};

// --- cases ---

const IMAGE: [number, number, number] = [5, 7, 3];

function convCase(
  name: string,
  plane: Omit<Plane, "size" | "channels">,
  useBias = true,
): LayerCase {
  const shape = { ...plane, size: [5, 7] as const, channels: 3 };
  const options = {
    filters: 4,
    kernelSize: plane.kernel,
    strides: plane.strides,
    dilation: plane.dilation ?? ([1, 1] as const),
    padding: plane.padding,
    useBias,
  };
  return {
    name: `conv2d ${name}`,
    inputShape: IMAGE,
    layer: conv2d(IMAGE, options),
    plain: plainConv(shape, 4, false),
  };
}

function depthwiseCase(name: string, plane: Omit<Plane, "size" | "channels">, multiplier: number) {
  const shape = { ...plane, size: [5, 7] as const, channels: 3 };
  return {
    name: `depthwiseConv2d ${name}`,
    inputShape: IMAGE,
    layer: depthwiseConv2d(IMAGE, {
      depthMultiplier: multiplier,
      kernelSize: plane.kernel,
      strides: plane.strides,
      dilation: plane.dilation ?? [1, 1],
      padding: plane.padding,
      useBias: multiplier > 1,
    }),
    plain: plainConv(shape, multiplier, true),
  };
}

function conv1dCase(name: string, kernel: number, stride: number, dilation: number): LayerCase {
  const padding = stride === 1 ? "same" : "valid";
  return {
    name: `conv1d ${name}`,
    inputShape: [9, 2],
    layer: conv1d([9, 2], {
      filters: 3,
      kernelSize: kernel,
      strides: stride,
      dilation,
      padding,
      useBias: true,
    }),
    plain: plainConv(
      {
        size: [1, 9],
        channels: 2,
        kernel: [1, kernel],
        strides: [1, stride],
        dilation: [1, dilation],
        padding,
      },
      3,
      false,
    ),
  };
}

function poolCases(
  poolSize: [number, number],
  strides: [number, number],
  padding: "valid" | "same",
) {
  const plane: Plane = { size: [5, 7], channels: 3, kernel: poolSize, strides, padding };
  const name = `${poolSize.join("x")} by ${strides.join("x")} ${padding}`;
  const options = { poolSize, strides, padding };
  return [
    {
      name: `maxPooling ${name}`,
      inputShape: IMAGE,
      layer: maxPooling(IMAGE, options),
      plain: plainPool(plane, "max"),
    },
    {
      name: `averagePooling ${name}`,
      inputShape: IMAGE,
      layer: averagePooling(IMAGE, options),
      plain: plainPool(plane, "average"),
    },
  ];
}

const recurrentShape = { steps: 5, inputs: 3, units: 4 };
const recurrentLayers = {
  simpleRnn: { make: simpleRnn, gates: 1, next: rnnNext, biases: 1 },
  lstm: { make: lstm, gates: 4, next: lstmNext, biases: 1 },
  gru: { make: gru, gates: 3, next: gruNext, biases: 2 },
} as const;

function recurrentCases(name: keyof typeof recurrentLayers): LayerCase[] {
  const { make, gates, next, biases } = recurrentLayers[name];
  return [
    { sequences: false, useBias: true },
    { sequences: true, useBias: false },
  ].map(({ sequences, useBias }) => ({
    name: `${name} ${sequences ? "every step, no bias" : "last step"}`,
    inputShape: [5, 3],
    layer: make([5, 3], { units: 4, useBias, returnSequences: sequences }),
    plain: plainRecurrent({ ...recurrentShape, gates, sequences }, next, useBias ? biases : 0),
  }));
}

export const layerCases: readonly LayerCase[] = [
  {
    name: "dense on steps",
    inputShape: [5, 3],
    layer: dense([5, 3], { units: 4, useBias: true }),
    plain: plainConv(
      { size: [5, 1], channels: 3, kernel: [1, 1], strides: [1, 1], padding: "valid" },
      4,
      false,
    ),
  },
  {
    name: "dense without bias",
    inputShape: [3],
    layer: dense([3], { units: 5, useBias: false }),
    plain: plainConv(
      { size: [1, 1], channels: 3, kernel: [1, 1], strides: [1, 1], padding: "valid" },
      5,
      false,
    ),
  },
  convCase("3x3 valid", { kernel: [3, 3], strides: [1, 1], padding: "valid" }),
  convCase("3x2 same, no bias", { kernel: [3, 2], strides: [1, 1], padding: "same" }, false),
  convCase("3x3 by 2x2 same", { kernel: [3, 3], strides: [2, 2], padding: "same" }),
  convCase("2x3 by 1x3 valid", { kernel: [2, 3], strides: [1, 3], padding: "valid" }),
  convCase("2x2 dilated", { kernel: [2, 2], strides: [1, 1], dilation: [2, 3], padding: "valid" }),
  convCase("1x1 by 3x1", { kernel: [1, 1], strides: [3, 1], padding: "valid" }),
  conv1dCase("3 same", 3, 1, 1),
  conv1dCase("3 dilated", 3, 1, 2),
  conv1dCase("4 by 2", 4, 2, 1),
  depthwiseCase("3x3 same", { kernel: [3, 3], strides: [1, 1], padding: "same" }, 1),
  depthwiseCase("2x3 by 2x2", { kernel: [2, 3], strides: [2, 2], padding: "valid" }, 2),
  ...poolCases([2, 2], [2, 2], "valid"),
  ...poolCases([3, 2], [1, 2], "same"),
  {
    name: "maxPooling steps",
    inputShape: [7, 3],
    layer: maxPooling([7, 3], { poolSize: [3], strides: [2], padding: "same" }),
    plain: plainPool(
      { size: [1, 7], channels: 3, kernel: [1, 3], strides: [1, 2], padding: "same" },
      "max",
    ),
  },
  {
    name: "globalMaxPooling",
    inputShape: IMAGE,
    layer: globalMaxPooling(IMAGE),
    plain: plainGlobalPool(3, "max"),
  },
  {
    name: "globalAveragePooling",
    inputShape: [6, 2],
    layer: globalAveragePooling([6, 2]),
    plain: plainGlobalPool(2, "average"),
  },
  {
    name: "embedding",
    inputShape: [6],
    layer: embedding([6], { inputDim: 5, outputDim: 3 }),
    tokens: 5,
    plain: ([table], input) =>
      Array.from(input).flatMap((token) =>
        Array.from({ length: 3 }, (_, i) => table[token * 3 + i]),
      ),
  },
  ...recurrentCases("simpleRnn"),
  ...recurrentCases("lstm"),
  ...recurrentCases("gru"),
];
