import { createReferenceEngine } from "@convergence-lab/core/reference";
import { expect, test } from "vitest";
import { givenWeightsPlan } from "../test/given-weights.ts";
import { hasNoAdapter, nodeGpu } from "../test/node-gpu.ts";
import { trained } from "../test/small-plan.ts";
import { createWebGpuEngine } from "./webgpu-engine.ts";

// 24 steps in float32 against float64, as in webgpu-engine.gpu.test.ts.
const DIGITS = 5;

test.skipIf(hasNoAdapter)("networks start from the weights that they are given", async () => {
  const engine = await createWebGpuEngine({ gpu: nodeGpu(), reason: "test", selfCheck: "skip" });
  const reference = createReferenceEngine({ precision: "float64", reason: "test" });
  const [runs, expected] = [
    await trained(engine, givenWeightsPlan()),
    await trained(reference, givenWeightsPlan()),
  ];
  await engine.dispose();
  runs.forEach(({ signals }, run) => {
    for (const [name, values] of Object.entries(expected[run].signals)) {
      values.forEach((value, epoch) => {
        expect(signals[name as "loss"]![epoch], `${name} of run ${run}`).toBeCloseTo(value, DIGITS);
      });
    }
  });
});
