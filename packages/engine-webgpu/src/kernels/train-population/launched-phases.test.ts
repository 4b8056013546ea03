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

test("products take tiles that a workgroup shares, smaller ones where they are few", () => {
  const network = denseNetwork({ inputs: 70, units: [2048, 2048, 64, 32, 1] });
  const dense = { tile: 128, wantedTiles: 128, depth: 16 } as const;
  const shape = { network, batchSize: 2048, ...flags, plan: { ...plan, dense } };
  const { launches, code } = launchedPhases(shape);
  const sizes = new Map(
    [...code.matchAll(/@workgroup_size\((\d+)\)\s+fn (\w+)/g)].map(([, size, name]) => [
      name,
      size,
    ]),
  );
  const lines = launches
    .filter(({ entryPoint }) => /forward|Gradient/.test(entryPoint))
    .map(
      ({ entryPoint, workgroups }) => `${workgroups} x ${entryPoint} of ${sizes.get(entryPoint)}`,
    );
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "256 x launch_forward0 of 256
    256 x launch_forward1 of 256
    32 x launch_forward2 of 64
    16 x launch_forward3 of 64
    4 x launch_forward4 of 64
    16 x launch_inputGradient4 of 64
    1 x launch_parameterGradient4 of 64
    32 x launch_inputGradient3 of 64
    1 x launch_parameterGradient3 of 64
    256 x launch_inputGradient2 of 256
    32 x launch_parameterGradient2 of 64
    256 x launch_inputGradient1 of 256
    256 x launch_parameterGradient1 of 256
    64 x launch_parameterGradient0 of 64"
  `);
});
