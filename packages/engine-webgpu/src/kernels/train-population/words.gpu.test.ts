// What the recorded steps do not reach: operations of every width, every setting of a plan's numbers,
// extreme values. Each against the reference in float64 within the bounds of docs/numerics.md.

import {
  compareReplay,
  type Hyper,
  type Replay,
  type SpecInput,
  uniformAt,
} from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../../test/node-gpu.ts";
import { smallPlan } from "../../../test/small-plan.ts";
import { type Gpu, requestGpu } from "../../device/request-device.ts";
import { replaySteps } from "../../replay.ts";
import { KernelCache } from "./kernel-cache.ts";

const reference = createReferenceEngine({ precision: "float64", reason: "test" });

let gpu: Gpu;
beforeAll(async () => {
  if (!hasNoAdapter) gpu = await requestGpu(nodeGpu());
});
afterAll(() => gpu?.destroy());

interface Case {
  readonly layers: SpecInput["model"]["layers"];
  readonly train?: Partial<SpecInput["train"]>;
  readonly inputs?: number;
  readonly batch?: number;
  readonly steps?: number;
  readonly change?: Partial<Hyper>;
  /** Of all inputs. */
  readonly scale?: number;
  readonly parameters?: (i: number) => number;
}

function replayOf(options: Case): Replay {
  const { layers, train, inputs = 4, batch = 7, steps = 2, change, scale = 1 } = options;
  const [plan] = smallPlan({
    inputs,
    classes: 3,
    layers,
    train: { loss: "sparseCategoricalCrossentropy", learningRate: 0.01, ...train },
  });
  const { network } = plan.buckets[0];
  const { parameters = (i) => uniformAt(2, 0, i) - 0.3 } = options;
  return {
    network,
    hyper: { ...plan.runs[0].hyper, ...change },
    trainingSeed: 9,
    batch,
    x: Float32Array.from(
      { length: batch * inputs },
      (_, i) => scale * (2 * uniformAt(1, 0, i) - 1),
    ),
    y: Float32Array.from({ length: batch }, (_, i) => i % 3),
    // Moving variances are none of these: a replay does not read them.
    parameters: Float32Array.from({ length: network.layout.size }, (_, i) => parameters(i)),
    steps,
  };
}

async function compared(replay: Replay, changed = replay) {
  const expected = await reference.replay(changed);
  const actual = await replaySteps(gpu, new KernelCache(gpu), replay);
  return compareReplay({ name: "case", replay: changed, expected }, actual, "float32");
}

async function expectEqual(replay: Replay): Promise<void> {
  const { passed, picture } = await compared(replay);
  expect(passed, picture).toBe(true);
}

describe.skipIf(hasNoAdapter)("operations of every width:", () => {
  test.each([1, 2, 3, 4, 5, 13, 64, 127])("%i units", async (units) => {
    await expectEqual(
      replayOf({
        layers: [
          { type: "layerNormalization" },
          { units, activation: "tanh" },
          { type: "dropout", rate: 0.25 },
          { units, activation: "prelu" },
          { type: "batchNormalization" },
          { type: "add", from: 2 },
          { type: "gaussianNoise", stddev: 0.2 },
          { units: 3, activation: "linear", activityRegularizer: { l2: 0.1 } },
          { type: "layerNormalization" },
          { type: "alphaDropout", rate: 0.1 },
          { type: "activation", activation: "softmax" },
        ],
        train: { optimizer: "sgd" },
        inputs: 5,
        batch: 33,
      }),
    );
  });
});

/**
 * One change for every setting of a plan's numbers; a new one does not compile until it stands here.
 * Callbacks and tables of rates are in webgpu-engine.gpu.test.ts, given weights in
 * given-weights.gpu.test.ts.
 */
type Setting = Exclude<
  keyof Hyper,
  "learningRate" | "learningRates" | "earlyStopping" | "reduceOnPlateau" | "initialWeights"
>;
const SETTINGS: Record<Setting, { change: Partial<Hyper>; train?: object; activation?: "elu" }> = {
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

test.skipIf(hasNoAdapter).each(Object.entries(SETTINGS))(
  "%s is not passed over",
  async (_, setting) => {
    const { change, train = {}, activation = "tanh" } = setting;
    const options: Case = {
      layers: [
        { units: 5, activation },
        { type: "batchNormalization" },
        { type: "dropout", rate: 0.2 },
        { units: 3, activation: "softmax" },
      ],
      train,
    };
    const changed = replayOf({ ...options, change });
    await expectEqual(changed);
    const { passed } = await compared(replayOf(options), changed);
    expect(passed, "the change is not seen").toBe(false);
  },
);

describe.skipIf(hasNoAdapter)("extremes:", () => {
  const softmax = { units: 3, activation: "softmax" } as const;

  test.each(["relu", "tanh", "swish", "softplus", "gelu", "mish"] as const)(
    "pre-activations of %s around 1e4",
    async (activation) => {
      await expectEqual(
        replayOf({
          layers: [{ units: 3, activation }, softmax],
          scale: 1e4,
          train: { optimizer: "sgd", learningRate: 1e-6 },
        }),
      );
    },
  );

  test("equal logits", async () => {
    await expectEqual(
      replayOf({ layers: [softmax], parameters: () => 0, train: { optimizer: "sgd" } }),
    );
  });

  test("a learning rate of 0 leaves every parameter as it was", async () => {
    const replay = { ...replayOf({ layers: [{ units: 4, activation: "tanh" }, softmax] }) };
    const still = { ...replay, hyper: { ...replay.hyper, learningRate: 0 } };
    const steps = await replaySteps(gpu, new KernelCache(gpu), still);
    for (const { parametersAfter } of steps) expect(parametersAfter).toEqual(replay.parameters);
  });

  test.each([
    [1, 1],
    [1, 2],
    [5, 1],
    [3, 131],
  ])("%i inputs, a batch of %i", async (inputs, batch) => {
    await expectEqual(
      replayOf({
        layers: [{ units: 7, activation: "elu" }, { type: "dropout", rate: 0.5 }, softmax],
        inputs,
        batch,
      }),
    );
  });
});
