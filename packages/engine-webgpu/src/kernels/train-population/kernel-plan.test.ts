import { describe, expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../../test/networks.ts";
import type { AdapterReport } from "../../device/adapter-report.ts";
import {
  candidatePlans,
  type PlannedAdapter,
  packedPlans,
  plainOf,
  planKernel,
  planTraining,
} from "./kernel-plan.ts";

/** The least that any WebGPU adapter has. */
const LIMITS: AdapterReport["limits"] = {
  maxBufferSize: 268435456,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 134217728,
  maxStorageBuffersPerShaderStage: 8,
};
function shapeOf(units: readonly number[]) {
  return { network: denseNetwork({ units }), batchSize: 32, features: PLAIN_FEATURES };
}

const GPU: PlannedAdapter = {
  isSoftware: false,
  limits: LIMITS,
  features: ["subgroups"],
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
};
const SWIFTSHADER: PlannedAdapter = {
  ...GPU,
  isSoftware: true,
  subgroupMinSize: 4,
  subgroupMaxSize: 4,
};

test("a software adapter runs four invocations and keeps values in storage", () => {
  const plan = planKernel(shapeOf([64, 32, 1]), SWIFTSHADER);
  expect(plan).toEqual({
    tier: "persistent",
    workgroupSize: 4,
    values: "storage",
    dense: "broadcast",
  });
});

test.each([
  { adapter: SWIFTSHADER, units: [128, 128, 1], tier: "persistent", workgroupSize: 4 },
  { adapter: SWIFTSHADER, units: [256, 256, 1], tier: "L", workgroupSize: 16 },
  { adapter: GPU, units: [128, 128, 1], tier: "persistent", workgroupSize: 256 },
  { adapter: GPU, units: [256, 256, 1], tier: "L", workgroupSize: 128 },
])("with much work in a step, $units, phases are launched one by one: $tier", (wanted) => {
  const { adapter, units, ...expected } = wanted;
  expect(planKernel(shapeOf(units), adapter)).toMatchObject({ ...expected, values: "storage" });
});

test.each([
  { features: [] },
  { subgroupMaxSize: 8 },
  { subgroupMinSize: null, subgroupMaxSize: null },
])("a software adapter with $features $subgroupMaxSize has no subgroups of four", (other) => {
  const plan = planKernel(shapeOf([4, 1]), { ...SWIFTSHADER, ...other });
  expect(plan.dense).toEqual({ edge: 2, isStoredInLoop: true });
});

test.each([
  { units: [4, 1], workgroupSize: 32, values: "workgroup" },
  { units: [64, 32, 1], workgroupSize: 128, values: "storage" },
  { units: [192, 64, 1], workgroupSize: 256, values: "storage" },
] as const)("on a GPU $units gets $workgroupSize invocations", ({ units, ...expected }) => {
  expect(planKernel(shapeOf(units), GPU)).toMatchObject(expected);
});

test("values stay out of workgroup memory where few workgroups would share a core", () => {
  const limits = { ...LIMITS, maxComputeWorkgroupStorageSize: 49152 };
  expect(planKernel(shapeOf([64, 32, 1]), { ...GPU, limits }).values).toBe("storage");
});

test("a GPU tries what is planned first, then more invocations, workgroup memory and tier L", () => {
  const limits = {
    ...LIMITS,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupSizeX: 1024,
    maxComputeWorkgroupStorageSize: 49152,
  };
  const plans = candidatePlans(shapeOf([64, 32, 1]), { ...GPU, limits }, 0);
  expect(
    plans.map(({ tier, workgroupSize, values }) => `${tier} ${workgroupSize} ${values}`),
  ).toEqual([
    "persistent 128 storage",
    "persistent 128 workgroup",
    "persistent 256 storage",
    "persistent 256 workgroup",
    "L 128 storage",
  ]);
});

test("a GPU with the least limits tries what it can, a software adapter nothing", () => {
  const shape = shapeOf([192, 64, 1]);
  expect(candidatePlans(shape, GPU, 0).map(({ workgroupSize }) => workgroupSize)).toEqual([
    256, 128,
  ]);
  expect(candidatePlans(shape, SWIFTSHADER, 1e12)).toEqual([planKernel(shape, SWIFTSHADER)]);
});

test("a launch stages as much as workgroup memory holds", () => {
  const productsIn = (maxComputeWorkgroupStorageSize: number) => {
    const limits = { ...LIMITS, maxComputeWorkgroupStorageSize };
    return planKernel(shapeOf([256, 256, 1]), { ...GPU, limits }).dense;
  };
  expect(productsIn(32768)).toMatchObject({ tile: 128, depth: 16 });
  // What any adapter has: the slabs alone would fill it.
  expect(productsIn(16384)).toMatchObject({ tile: 128, depth: 8 });
});

test("a short training takes the plain products on a software adapter, and only there", () => {
  const shape = shapeOf([64, 32, 1]);
  expect(planTraining(shape, SWIFTSHADER, 1e8)).toEqual(plainOf(planKernel(shape, SWIFTSHADER)));
  expect(planTraining(shape, SWIFTSHADER, 1e9)).toEqual(planKernel(shape, SWIFTSHADER));
  expect(planTraining(shape, GPU, 0)).toEqual(planKernel(shape, GPU));
});

describe("networks with work for less than a subgroup share a workgroup:", () => {
  const sharing = (units: number[], adapter: PlannedAdapter) =>
    packedPlans(shapeOf(units), adapter).map(
      ({ workgroupSize, networksPerWorkgroup, values }) =>
        `${networksPerWorkgroup} of ${workgroupSize}, ${values}`,
    );

  test("as many as fill two subgroups, or four", () => {
    expect(sharing([8, 1], GPU)).toEqual(["4 of 16, storage", "8 of 16, storage"]);
    const limits = { ...LIMITS, maxComputeInvocationsPerWorkgroup: 64 };
    expect(sharing([8, 1], { ...GPU, limits })).toEqual(["4 of 16, storage"]);
  });

  test("in workgroup memory too where that holds the values of all of them", () => {
    const limits = { ...LIMITS, maxComputeWorkgroupStorageSize: 65536 };
    expect(sharing([4, 1], { ...GPU, limits })).toEqual([
      "8 of 8, storage",
      "8 of 8, workgroup",
      "16 of 8, storage",
    ]);
  });

  test("not those that fill a subgroup alone, and none on a software adapter", () => {
    expect(sharing([64, 32, 1], GPU)).toEqual([]);
    expect(sharing([8, 1], SWIFTSHADER)).toEqual([]);
  });

  test("as candidates, never by plan", () => {
    const shape = shapeOf([8, 1]);
    expect(candidatePlans(shape, GPU, 0)).toEqual(expect.arrayContaining(packedPlans(shape, GPU)));
    expect(planKernel(shape, GPU).networksPerWorkgroup).toBeUndefined();
  });
});
