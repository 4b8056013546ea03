// Training steps in linear memory against the recorded ones and against the reference in float64.
//
// A number is held against the largest of its tensor, in roundings (2^-24): a sum that cancels
// keeps the rounding of its terms.

import recorded from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import recordedWide from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../../test/compile-network.ts";
import type { Hyper } from "../../compile/plan.ts";
import { uniformAt } from "../../shared/random.ts";
import { DEFAULT_LEARNING_RATE, LOSSES, type Loss, type SpecInput } from "../../spec/spec.ts";
import { ACTIVATIONS, type Activation } from "../../spec/words.ts";
import type { Replay, ReplayStep } from "../engine.ts";
import { replaySteps as replayReference } from "../reference/replay.ts";
import type { Precision } from "../reference/tensor.ts";
import { Arena } from "./arena.ts";
import { borrowKernels, returnKernels } from "./kernels.ts";
import { replaySteps } from "./replay.ts";
import { SimdNetwork } from "./simd-network.ts";

interface NetworkInput {
  readonly inputs: number;
  readonly layers: readonly object[];
  readonly loss: string;
  readonly optimizer: { readonly name: string; readonly learningRate?: number };
}

function networkOf({ inputs, layers, loss, optimizer }: NetworkInput) {
  const { name, learningRate = DEFAULT_LEARNING_RATE.adam, ...settings } = optimizer;
  const written = {
    model: { layers },
    train: { loss, optimizer: { name, ...settings }, epochs: 1 },
  } as Pick<SpecInput, "model" | "train">;
  const { network, hyper } = compileNetwork({ ...written, inputs });
  return { network, hyper: { ...hyper, learningRate } };
}

const QUANTITIES = [
  "dataLoss",
  "regularizationLoss",
  "logits",
  "gradients",
  "parametersAfter",
] as const;

/**
 * The worst error of any quantity of any step, in roundings of the largest number beside it. NaN
 * has to be met by NaN.
 */
function worstError(actual: readonly ReplayStep[], expected: readonly ReplayStep[]): number {
  expect(actual.length).toBe(expected.length);
  const errors = expected.flatMap((step, i) =>
    QUANTITIES.map((quantity) => {
      const [a, e] = [actual[i][quantity], step[quantity]].map((v) =>
        typeof v === "number" ? Float64Array.of(v) : v,
      );
      expect(a.length).toBe(e.length);
      const numbers = Array.from(e);
      const largest = Math.max(...numbers.filter((v) => !Number.isNaN(v)).map(Math.abs));
      const differences = numbers.map((v, j) => (Object.is(v, a[j]) ? 0 : Math.abs(v - a[j])));
      const difference = Math.max(...differences);
      return difference === 0 ? 0 : difference / largest;
    }),
  );
  return Math.max(...errors) * 2 ** 24;
}

type RecordedCase = (typeof recorded.cases)[number] | (typeof recordedWide.cases)[number];

function replayOf(
  { batch, X, y, initialParams, steps }: RecordedCase,
  compiled: ReturnType<typeof compileNetwork>,
): Replay {
  return {
    ...compiled,
    batch,
    x: Float64Array.from(X),
    y: Float64Array.from(y),
    parameters: Float64Array.from(initialParams.flatMap(({ values }) => values)),
    steps: steps.length,
  };
}

/** The recorded numbers in the form of a replay: moving statistics have the gradient 0. */
function stepsOf({ steps }: RecordedCase): ReplayStep[] {
  return steps.map((step) => {
    const parametersAfter = Float64Array.from(step.paramsAfter.flat());
    const gradients = new Float64Array(parametersAfter.length);
    gradients.set(step.gradients.flat());
    const { dataLoss, regularizationLoss } = step;
    const logits = Float64Array.from(step.logits);
    return { dataLoss, regularizationLoss, logits, gradients, parametersAfter };
  });
}

const wide = recordedWide.cases.map((c) => {
  const { model, train, inputs, classes, batch, trainingSeed } = c;
  const written = { model, train, inputs, classes, rows: batch } as Parameters<
    typeof compileNetwork
  >[0];
  const replay: Replay = { ...replayOf(c, compileNetwork(written)), trainingSeed };
  return [c.name, replay, c] as const;
});

/** Outputs above Keras's upper bound, 1 - 1e-7, which in float32 is 1 - 1.2e-7: another loss. */
const CLIPPED = "binaryCrossentropy-relu-clipped";

// The narrow cases: twice the 4 roundings that the reference needs in float32, where it rounds only
// what it stores; float32 throughout needs 6.2. The wide ones have more steps and normalization over
// 7 rows: 27 at most, in a residual network, where the reference in float32 needs 6.
describe("recorded", () => {
  test.each(recorded.cases.map((c) => [c.name, c] as const))("%s", (_name, recordedCase) => {
    const { kernelRegularizer, steps } = recordedCase;
    const layers = recordedCase.layers.map((layer) => ({ ...layer, kernelRegularizer }));
    const actual = replaySteps(replayOf(recordedCase, networkOf({ ...recordedCase, layers })));
    expect(steps.length).toBe(actual.length);
    expect(worstError(actual, stepsOf(recordedCase))).toBeLessThanOrEqual(8);
  });

  test.each(wide.filter(([name]) => name !== CLIPPED))("%s", (_name, replay, recordedCase) => {
    expect(worstError(replaySteps(replay), stepsOf(recordedCase))).toBeLessThanOrEqual(32);
  });

  test.each(wide.filter(([name]) => name !== CLIPPED))(
    "%s: in inference mode, after the last step",
    (_name, replay, { inference, steps }) => {
      const { network, hyper, trainingSeed = 0, batch, x, y } = replay;
      const kernels = borrowKernels();
      const arena = new Arena(kernels.memory);
      const net = new SimdNetwork(kernels, arena, { network, hyper, trainingSeed }, batch);
      // Somewhere else than where training batches lie, as a test part is.
      const inputs = arena.allocate((batch * net.inputBytes) / 4);
      const labels = arena.allocate(batch);
      for (let row = 0; row < batch; row++) {
        arena
          .floats(inputs + row * net.inputBytes, network.inputs)
          .set(x.subarray(row * network.inputs, (row + 1) * network.inputs));
      }
      arena.floats(labels, batch).set(y);
      net.parameters.write(Float64Array.from(steps[steps.length - 1].paramsAfter.flat()));
      net.evaluate(batch, inputs, labels, "inference");
      const { dataLoss, regularizationLoss, correct } = net;
      const none = { gradients: [0], parametersAfter: [0] };
      const actual = { dataLoss, regularizationLoss, logits: net.readLogits(batch), ...none };
      const expected = { ...inference, ...none } as unknown as ReplayStep;
      expect(worstError([actual as unknown as ReplayStep], [expected])).toBeLessThanOrEqual(16);
      expect(correct).toBe(inference.correct);
      returnKernels(kernels);
    },
  );
});

/** One step of a network on random numbers that float32 holds, in both engines. */
function compareWithReference(
  input: NetworkInput,
  batch: number,
  precision: Precision,
  steps = 1,
): number {
  const { network, hyper } = networkOf(input);
  const last = network.layers[network.layers.length - 1].units;
  const classes = last === 1 && input.loss !== "sparseCategoricalCrossentropy" ? 2 : last;
  const random = (seed: number, size: number) =>
    Float32Array.from({ length: size }, (_, i) => 1.8 * uniformAt(seed, 0, i) - 0.9);
  const replay: Replay = {
    network,
    hyper,
    batch,
    x: random(1, batch * network.inputs),
    y: Float32Array.from({ length: batch }, (_, i) => i % classes),
    parameters: random(2, network.layout.size),
    steps,
  };
  return worstError(replaySteps(replay), replayReference(replay, precision));
}

const SGD = { name: "sgd", learningRate: 0.01 };

describe("shapes, against the reference in float64", () => {
  test.each([
    [1, [1], 1],
    [1, [1, 1], 1],
    [2, [3, 1], 2],
    [3, [5, 7, 1], 5],
    [5, [4, 3], 4],
    [7, [11, 13, 5], 17],
    [20, [64, 32, 1], 32],
    [20, [128, 128, 1], 33],
    [131, [257, 6], 37],
    [10, [1, 9, 1, 2], 128],
    [6, Array.from({ length: 33 }, () => 5), 6],
  ])("%i inputs, units %j, batch %i", (inputs, widths, batch) => {
    const layers = widths.map((units, i) => ({
      units,
      activation: i === widths.length - 1 ? "sigmoid" : "tanh",
      kernelRegularizer: { l1: 0.001, l2: 0.002 },
      useBias: i % 2 === 0,
    }));
    // A layer adds the roundings of its sums, half of a rounding for each term if all err one way,
    // to those that came in, forward and backward; 8 for the functions.
    const longest = Math.max(inputs, batch, ...widths);
    const bound = (longest / 2 + 8) * 2 * widths.length;
    const loss = "binaryCrossentropy";
    const input = { inputs, layers, loss, optimizer: SGD };
    const error = compareWithReference(input, batch, "float64");
    expect(error).toBeLessThanOrEqual(bound);
  });
});

describe("operations of every width, against the reference in float64", () => {
  test.each([1, 2, 3, 4, 5, 13, 64, 128])("%i units", (units) => {
    const { network, hyper } = compileNetwork({
      model: {
        layers: [
          { units, activation: "tanh" },
          { type: "dropout", rate: 0.25 },
          { units, activation: "prelu" },
          { type: "batchNormalization" },
          { type: "add", from: 1 },
          { type: "gaussianNoise", stddev: 0.2 },
          { units: 3, activation: "linear", activityRegularizer: { l2: 0.1 } },
          { type: "layerNormalization" },
          { type: "alphaDropout", rate: 0.1 },
          { type: "activation", activation: "softmax" },
        ],
      },
      // Adam would make steps of the rounding of gradients that normalization makes 0.
      train: { loss: "sparseCategoricalCrossentropy", optimizer: "sgd", epochs: 1 },
      inputs: 5,
    });
    const replay: Replay = {
      network,
      hyper,
      trainingSeed: 9,
      batch: 33,
      x: Float32Array.from({ length: 165 }, (_, i) => 2 * uniformAt(1, 0, i) - 1),
      y: Float32Array.from({ length: 33 }, (_, i) => i % 3),
      parameters: Float32Array.from({ length: network.layout.size }, (_, i) => uniformAt(2, 0, i)),
      steps: 2,
    };
    const error = worstError(replaySteps(replay), replayReference(replay, "float64"));
    // 27 with 2 units, where layers in front pass on what normalization has made of little.
    expect(error).toBeLessThanOrEqual(64);
  });
});

describe("activations and losses, against the reference in float32", () => {
  const heads = ACTIVATIONS.flatMap((activation) =>
    LOSSES.map((loss) => [activation, loss] as const),
  );
  test.each(heads)("%s under %s, one unit and several", (activation, loss) => {
    for (const units of activation === "softmax" ? [3, 5] : [1, 3, 5]) {
      const layers = [
        { units: 6, activation },
        { units, activation },
      ];
      const error = compareWithReference({ inputs: 4, layers, loss, optimizer: SGD }, 7, "float32");
      expect(error).toBeLessThanOrEqual(isSteep(activation, loss) ? 2048 : 64);
    }
  });

  /** 1 / p of an output p that no sigmoid keeps from 0 multiplies its rounding by as much. */
  function isSteep(activation: Activation, loss: Loss): boolean {
    return activation === "linear" && loss.startsWith("binary");
  }
});

describe("optimizers, 5 steps against the reference in float64", () => {
  test.each([
    { name: "sgd", learningRate: 0.1 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9, nesterov: true },
    { name: "adam" },
    { name: "adam", learningRate: 0 },
    { name: "adam", amsgrad: true },
    { name: "adamw", weightDecay: 0.1 },
    { name: "nadam" },
    { name: "adamax" },
    { name: "rmsprop" },
    { name: "rmsprop", momentum: 0.8 },
    { name: "rmsprop", momentum: 0.8, centered: true },
    { name: "adadelta", learningRate: 1 },
    { name: "lion" },
    { name: "adagrad", learningRate: 0.1 },
  ])("%j", (optimizer) => {
    const layers = [
      { units: 9, activation: "tanh" },
      { units: 3, activation: "softmax" },
    ];
    const loss = "sparseCategoricalCrossentropy";
    const error = compareWithReference({ inputs: 5, layers, loss, optimizer }, 11, "float64", 5);
    expect(error).toBeLessThanOrEqual(16);
  });
});

/**
 * One change for every setting of a plan's numbers; a new one does not compile until it stands here.
 * The learning rate, the table of rates and the callbacks are in simd-engine.test.ts; a replay brings
 * its own weights (models/weights.test.ts).
 */
type Setting = Exclude<
  keyof Hyper,
  "learningRate" | "learningRates" | "earlyStopping" | "reduceOnPlateau" | "initialWeights"
>;
const SETTINGS: Record<Setting, { change: Partial<Hyper>; train?: object; activation?: string }> = {
  momentum: { change: { momentum: 0.5 }, train: { optimizer: { name: "sgd", momentum: 0.9 } } },
  beta1: { change: { beta1: 0.5 } },
  beta2: { change: { beta2: 0.5 } },
  rho: { change: { rho: 0.5 }, train: { optimizer: "adadelta", learningRate: 0.5 } },
  epsilon: { change: { epsilon: 0.5 } },
  weightDecay: { change: { weightDecay: 0.5 } },
  initialAccumulator: { change: { initialAccumulator: 0.5 }, train: { optimizer: "adagrad" } },
  l1: { change: { l1: [0.1, 0.1] } },
  l2: { change: { l2: [0.1, 0.1] } },
  penalties: {
    change: {
      penalties: [1, 2].map(() => ({ biasL1: 0.1, biasL2: 0.2, activityL1: 0.3, activityL2: 0.4 })),
    },
  },
  alpha: { change: { alpha: [0.7, 0] }, activation: "elu" },
  operations: {
    change: {
      operations: [1, 2].map(() => ({
        rate: 0.5,
        stddev: 0.2,
        momentum: 0.5,
        epsilon: 0.1,
        alpha: 0,
      })),
    },
  },
  clipValue: { change: { clipValue: 0.001 } },
  clipNorm: { change: { clipNorm: 0.001 } },
  globalClipNorm: { change: { globalClipNorm: 0.001 } },
  gamma: { change: { gamma: 1.5 }, train: { loss: "categoricalFocalCrossentropy" } },
  focalAlpha: { change: { focalAlpha: 0.6 }, train: { loss: "categoricalFocalCrossentropy" } },
  labelSmoothing: { change: { labelSmoothing: 0.2 }, train: { loss: "categoricalCrossentropy" } },
  classWeight: { change: { classWeight: [1, 2, 0.5] } },
};

test.each(Object.entries(SETTINGS))("%s is not passed over", (_name, setting) => {
  const { change, train = {}, activation = "tanh" } = setting;
  const { network, hyper } = compileNetwork({
    model: {
      layers: [
        { units: 5, activation: activation as "tanh" },
        { type: "batchNormalization" },
        { type: "dropout", rate: 0.2 },
        { units: 3, activation: "softmax" },
      ],
    },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 1, ...train } as SpecInput["train"],
    inputs: 4,
  });
  const replay: Replay = {
    network,
    hyper,
    batch: 7,
    x: Float32Array.from({ length: 28 }, (_, i) => 2 * uniformAt(1, 0, i) - 1),
    y: Float32Array.from({ length: 7 }, (_, i) => i % 3),
    parameters: Float32Array.from({ length: network.layout.size }, (_, i) => uniformAt(2, 0, i)),
    steps: 2,
  };
  const changed = { ...replay, hyper: { ...hyper, ...change } };
  const reference = replayReference(changed, "float64");
  expect(worstError(replaySteps(changed), reference)).toBeLessThanOrEqual(64);
  expect(worstError(replaySteps(replay), reference)).toBeGreaterThan(1000);
});

test("inputs of 1e4 and equal logits stay within the bound", () => {
  const layers = [{ units: 3, activation: "softmax", kernelInitializer: "zeros" }];
  const loss = "sparseCategoricalCrossentropy";
  const { network, hyper } = networkOf({ inputs: 2, layers, loss, optimizer: SGD });
  const replay: Replay = {
    network,
    hyper,
    batch: 3,
    x: Float32Array.of(1e4, -1e4, 1e4, 1e4, -1e4, 0),
    y: Float32Array.of(0, 1, 2),
    parameters: new Float32Array(network.layout.size),
    steps: 3,
  };
  expect(worstError(replaySteps(replay), replayReference(replay, "float64"))).toBeLessThan(16);
});
