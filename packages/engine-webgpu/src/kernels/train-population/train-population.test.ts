import { PROBES, type Probe } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../../test/networks.ts";
import type { KernelPlan } from "./kernel-plan.ts";
import { trainPopulationWgsl } from "./train-population.wgsl.ts";

const plain: KernelPlan = {
  tier: "persistent",
  workgroupSize: 32,
  values: "workgroup",
  dense: "plain",
};
const tiled: KernelPlan = {
  tier: "persistent",
  workgroupSize: 4,
  values: "storage",
  dense: { edge: 2, isStoredInLoop: true },
};
const broadcast: KernelPlan = {
  tier: "persistent",
  workgroupSize: 4,
  values: "storage",
  dense: "broadcast",
};

// Snapshots show in review what a change to a generator does to a kernel; the numbers are the
// business of the GPU tests. To accept: npx vitest run --project unit -u
test.each<{
  name: string;
  units: number[];
  plan: KernelPlan;
  batchSize?: number;
  probes?: Probe[];
}>([
  { name: "plain", units: [6, 1], plan: plain },
  { name: "tiled", units: [8, 3], plan: tiled },
  { name: "broadcast", units: [16, 3], plan: broadcast, batchSize: 16 },
  { name: "packed", units: [6, 1], plan: { ...plain, workgroupSize: 8, networksPerWorkgroup: 4 } },
  { name: "probed", units: [6, 1], plan: tiled, probes: [...PROBES] },
])("the text of the $name kernel", async ({ name, units, plan, batchSize = 7, probes }) => {
  const network = denseNetwork({ inputs: 5, units, activation: "tanh" });
  const asked = probes ? { probes } : {};
  const flags = { shuffle: true, features: PLAIN_FEATURES, isCaptured: false, ...asked };
  const text = trainPopulationWgsl({ network, batchSize, ...flags, plan });
  await expect(text).toMatchFileSnapshot(`./snapshots/train-population-${name}.wgsl`);
});

test("what a network does not need is not in its kernel", () => {
  const network = denseNetwork({ units: [4, 1] });
  const shape = { network, batchSize: 4, plan: tiled };
  const bare = trainPopulationWgsl({
    ...shape,
    shuffle: false,
    features: PLAIN_FEATURES,
    isCaptured: false,
  });
  expect(bare).not.toContain("drawPermutation");
  expect(bare).not.toContain("sumPenalties");
  expect(bare).not.toContain("captures");
  expect(bare).not.toContain("activate_tanh");
  expect(bare).not.toMatch(/probe/i);
});
