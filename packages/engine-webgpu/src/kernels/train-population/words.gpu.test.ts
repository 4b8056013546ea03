// What the recorded steps do not reach: operations of every width, every setting of a plan's numbers.
// Each against the reference in float64 within the bounds of docs/numerics.md.

import type { Hyper, Replay } from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../../test/node-gpu.ts";
import { plainKernels } from "../../../test/plain-kernels.ts";
import { comparedWithReference, type ReplayCase, replayOf } from "../../../test/replay-case.ts";
import { type Gpu, requestGpu } from "../../device/request-device.ts";
import { replaySteps } from "../../replay.ts";
import { KernelCache } from "./kernel-cache.ts";

let gpu: Gpu;
let plain: KernelCache;
beforeAll(async () => {
  if (hasNoAdapter) return;
  gpu = await requestGpu(nodeGpu());
  plain = plainKernels(gpu);
});
afterAll(() => gpu?.destroy());

async function compared(replay: Replay, { expected = replay, kernels = plain } = {}) {
  const steps = (recording: Replay) => replaySteps(gpu, kernels, recording);
  return comparedWithReference(steps, replay, expected);
}

async function expectEqual(replay: Replay, kernels?: KernelCache): Promise<void> {
  const { passed, picture } = await compared(replay, { kernels });
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
    const options: ReplayCase = {
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
    const { passed } = await compared(replayOf(options), { expected: changed });
    expect(passed, "the change is not seen").toBe(false);
  },
);

test.skipIf(hasNoAdapter).each([
  [1, 1],
  [1, 2],
  [5, 1],
  [3, 131],
])("%i inputs, a batch of %i, as it is planned", async (inputs, batch) => {
  await expectEqual(
    replayOf({
      layers: [
        { units: 7, activation: "elu" },
        { type: "dropout", rate: 0.5 },
        { units: 3, activation: "softmax" },
      ],
      inputs,
      batch,
    }),
    new KernelCache(gpu),
  );
});
