import { expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../../test/networks.ts";
import type { KernelPlan } from "./kernel-plan.ts";
import { launchedPhases } from "./launched-phases.wgsl.ts";

const plan: KernelPlan = {
  tier: "L",
  workgroupSize: 64,
  values: "storage",
  dense: { edge: 2, isStoredInLoop: true },
};
const flags = { shuffle: true, features: PLAIN_FEATURES, isCaptured: false };

test("a batch is one launch for each phase, and one for small phases that follow each other", () => {
  const network = denseNetwork({ units: [512, 512, 512, 1] });
  const { launches, code } = launchedPhases({ network, batchSize: 256, ...flags, plan });
  const lines = launches.map(
    ({ entryPoint, workgroups, moved }) => `${workgroups} x ${entryPoint} ${moved.repeated}`,
  );
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "1 x launch_drawPermutation_chooseRows 0
    6 x launch_loadBatch 0
    32 x launch_forward0 0
    32 x launch_forward1 0
    32 x launch_forward1 1
    1 x launch_forward3_evaluateLoss_addTotals 0
    32 x launch_inputGradient3 0
    1 x launch_parameterGradient3 0
    32 x launch_inputGradient1 1
    64 x launch_parameterGradient1 1
    32 x launch_inputGradient1 0
    64 x launch_parameterGradient1 0
    5 x launch_parameterGradient0 0
    2103 x launch_updateParameters 0
    1 x launch_endEpoch_moveOn 0"
  `);
  // Layers that repeat are compiled once.
  expect(code.match(/@compute/g)!.length).toBe(new Set(launches.map((l) => l.entryPoint)).size);
});

test("what is measured adds launches of its own, left out where no step is", () => {
  const network = denseNetwork({ units: [512, 512, 1] });
  const probes = ["gradientNorm", "deadShare", "updateNorm", "firstNonFinite"] as const;
  const { launches } = launchedPhases({ network, batchSize: 256, ...flags, plan, probes });
  const added = launches.filter(
    ({ entryPoint }) =>
      !/forward|Gradient\d|Parameters$|loadBatch|chooseRows|moveOn/.test(entryPoint),
  );
  expect(
    added.map(({ entryPoint, isOfProbes }) => `${entryPoint}${isOfProbes ? " when probed" : ""}`),
  ).toMatchInlineSnapshot(`
    [
      "launch_stopped_largestOfTensors",
      "launch_stopped_searchActivations_tellNonFinite",
      "launch_largestOfLayers when probed",
      "launch_answer when probed",
      "launch_squaresOfLayers when probed",
      "launch_probeUnits when probed",
      "launch_recordStep when probed",
      "launch_keepBefore when probed",
      "launch_largestOfUpdates_squaresOfUpdates_recordUpdate_endEpoch",
      "launch_largestOfTensors",
    ]
  `);
});
