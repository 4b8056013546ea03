import {
  type Activation,
  compareReplay,
  type Loss,
  parseTrainingSteps,
  type RecordedCase,
  type SpecInput,
} from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import recordings from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import wideRecordings from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../test/node-gpu.ts";
import { plainKernels } from "../test/plain-kernels.ts";
import { smallPlan } from "../test/small-plan.ts";
import { type Gpu, requestGpu } from "./device/request-device.ts";
import { KernelCache } from "./kernels/train-population/kernel-cache.ts";
import { planKernel } from "./kernels/train-population/kernel-plan.ts";
import { replaySteps } from "./replay.ts";

const cases = [...parseTrainingSteps(recordings), ...parseTrainingSteps(wideRecordings)];

let gpu: Gpu;
let plain: KernelCache;
beforeAll(async () => {
  if (hasNoAdapter) return;
  gpu = await requestGpu(nodeGpu());
  plain = plainKernels(gpu);
});
afterAll(() => gpu?.destroy());

async function expectMet(recorded: RecordedCase, kernels: KernelCache): Promise<void> {
  const steps = await replaySteps(gpu, kernels, recorded.replay);
  const { passed, picture } = compareReplay(recorded, steps, "float32");
  expect(passed, picture).toBe(true);
}

describe.skipIf(hasNoAdapter)("recorded training steps", () => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))(
    "%s is met within the bounds of docs/numerics.md",
    (_, recorded) => expectMet(recorded, plain),
  );
});

/** The other versions of the kernel, each on shapes where tiles and blocks end early. */
const PLANNERS: Record<string, typeof planKernel> = {
  "as it is planned": planKernel,
  "plain, in workgroup memory": () => ({
    tier: "persistent",
    workgroupSize: 8,
    values: "workgroup",
    dense: "plain",
  }),
  "tiles of 4 x 4": () => ({
    tier: "persistent",
    workgroupSize: 64,
    values: "storage",
    dense: { edge: 1, isStoredInLoop: false },
  }),
  "launched phase by phase": () => ({
    tier: "L",
    workgroupSize: 16,
    values: "storage",
    dense: { edge: 2, isStoredInLoop: true },
  }),
  "tiles of 8 x 8, written out": () => ({
    tier: "persistent",
    workgroupSize: 4,
    values: "storage",
    dense: { edge: 2, isStoredInLoop: false },
  }),
};

describe.skipIf(hasNoAdapter).each(Object.entries(PLANNERS))("the kernel, %s,", (_, planner) => {
  const names = ["shape-one", "shape-primes", "act-softplus", "reg-l1l2"];
  test.each(cases.filter(({ name }) => names.includes(name)).map((c) => [c.name, c] as const))(
    "meets %s",
    (_name, recorded) => expectMet(recorded, new KernelCache(gpu, planner)),
  );
});

test.skipIf(hasNoAdapter)("the kernel as it is planned meets article-shape, which divides", () => {
  const recorded = cases.find(({ name }) => name === "article-shape")!;
  return expectMet(recorded, new KernelCache(gpu));
});

/** Pairs whose loss is computed after the activation, and a softmax inside the network. */
const PAIRS: [Loss, Activation, units: number, hidden: Activation][] = [
  ["binaryCrossentropy", "linear", 1, "tanh"],
  ["binaryCrossentropy", "softmax", 3, "tanh"],
  ["binaryCrossentropy", "sigmoid", 3, "softmax"],
  ["sparseCategoricalCrossentropy", "sigmoid", 3, "swish"],
  ["sparseCategoricalCrossentropy", "softplus", 3, "tanh"],
  ["meanSquaredError", "softmax", 3, "elu"],
  ["meanSquaredError", "gelu", 2, "softmax"],
  ["hinge", "tanh", 1, "relu"],
  ["meanSquaredError", "softplus", 5, "leakyReLU"],
];

describe.skipIf(hasNoAdapter)("a step of", () => {
  test.each(PAIRS)("%s after %s with %i outputs behind %s is the reference's", async (...pair) => {
    const [loss, activation, units, hidden] = pair;
    const layers: SpecInput["model"]["layers"] = [
      { units: 6, activation: hidden },
      { units, activation },
    ];
    const [plan, [dataset]] = smallPlan({
      classes: Math.max(units, 2),
      layers,
      train: { loss, optimizer: "sgd" },
    });
    const { network } = plan.buckets[0];
    const recording = {
      network,
      hyper: plan.runs[0].hyper,
      batch: dataset.train.rows,
      x: dataset.train.x,
      y: dataset.train.y,
      parameters: Float32Array.from({ length: network.layout.size }, (_, i) => Math.sin(i + 1)),
      steps: 3,
    };
    const reference = createReferenceEngine({ precision: "float64", reason: "test" });
    const expected = await reference.replay(recording);
    await expectMet({ name: "pair", replay: recording, expected }, plain);
  });
});
