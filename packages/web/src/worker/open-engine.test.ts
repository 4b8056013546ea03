// Which engine, and the sentence that says why: every situation of a page, without a browser.

import { compile, type Engine, loadDatasets, parseSpec } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { Engines } from "./open-engine.ts";

const spec = parseSpec({
  name: "small",
  data: { source: { kind: "inline", rows: [[0], [1]], labels: [0, 1] } },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
  train: { loss: "binaryCrossentropy", epochs: 1 },
});
const plan = compile(spec, loadDatasets(spec));

const gpuOf = (adapter: object | null) =>
  ({ requestAdapter: async () => adapter }) as unknown as GPU;

const software = {
  info: { vendor: "google", architecture: "swiftshader", device: "", description: "SwiftShader" },
  features: new Set(),
  limits: {},
};

test.each([
  [{ isSecureContext: false, gpu: undefined }, "served over plain http"],
  [{ isSecureContext: true, gpu: undefined }, "This browser has no WebGPU"],
  [{ isSecureContext: true, gpu: gpuOf(null) }, "no WebGPU adapter"],
  [{ isSecureContext: true, gpu: gpuOf(software) }, "SwiftShader, is a software one"],
])("auto on %j trains on the CPU", async (surroundings, why) => {
  const engine = await new Engines(surroundings).open("auto", plan);
  expect(engine.info.name).toBe("cpu");
  expect(engine.info.reason).toContain(why);
  await expect(new Engines(surroundings).open("webgpu", plan)).rejects.toThrow();
});

test("an adapter that is asked again may be there the next time", async () => {
  let asked = 0;
  const requestAdapter = async () => {
    asked++;
    return null;
  };
  const gpu = { requestAdapter } as unknown as GPU;
  const engines = new Engines({ isSecureContext: true, gpu });
  await engines.open("auto", plan);
  await engines.open("auto", plan);
  expect(asked).toBe(2);
});

const hardware = { isSecureContext: true, gpu: gpuOf(null) };
const wrong = Object.assign(new Error("A GPU computes wrong numbers."), {
  code: "GPU_SELF_CHECK_FAILED",
});

/** Opens twice, and counts how often the adapter was checked. */
async function openedAfterCheck(checkedTfjs: (reason: string) => Promise<Engine>) {
  let checks = 0;
  const webgpu = async (): Promise<Engine> => {
    checks++;
    throw wrong;
  };
  const engines = new Engines(hardware, { webgpu, checkedTfjs });
  await engines.open("auto", plan);
  const { info } = await engines.open("auto", plan);
  await expect(engines.open("webgpu", plan)).rejects.toThrow(wrong);
  return { info, checks };
}

test("on a GPU that fails the self-check TensorFlow.js trains, where its numbers are right", async () => {
  const opened = await openedAfterCheck(
    async (reason) => ({ info: { name: "tfjs", adapter: "a GPU", reason } }) as unknown as Engine,
  );
  expect(opened).toMatchObject({ checks: 1, info: { name: "tfjs" } });
  expect(opened.info.reason).toBe("A GPU computes wrong numbers. So TensorFlow.js trains on it.");
});

test("and the CPU where they are wrong too, which tells both reasons", async () => {
  const opened = await openedAfterCheck(async () => {
    throw new Error("losses are 0.5 off");
  });
  expect(opened).toMatchObject({ checks: 1, info: { name: "cpu" } });
  expect(opened.info.reason).toBe(
    "A GPU computes wrong numbers. With TensorFlow.js: Losses are 0.5 off.",
  );
});
