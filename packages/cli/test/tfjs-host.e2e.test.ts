// The engine host with TensorFlow.js in it: what a network over images trains on where there is a real
// GPU. There is none on most machines that run this, so SwiftShader stands for it.

import { existsSync } from "node:fs";
import { compile, loadDatasets, parseSpec } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const { DeviceHost } = await import("../dist/runners/device-host.js");
const { nodeRunner } = await import("../dist/runners/node.js");

test.skipIf(!existsSync(SWIFTSHADER))("a convolution trains on tfjs's webgpu backend", async () => {
  const rows = Array.from({ length: 24 }, (_, i) =>
    Array.from({ length: 16 }, (_, pixel) => (pixel % 4 === i % 2 ? 1 : 0)),
  );
  const spec = parseSpec({
    name: "stripes",
    data: { source: { kind: "inline", rows, labels: rows.map((_, i) => i % 2) } },
    model: {
      inputShape: [4, 4, 1],
      layers: [
        { type: "conv2d", filters: 2, kernelSize: 2, activation: "relu" },
        { type: "flatten" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", learningRate: 0.05, epochs: 2, batchSize: 8 },
    seeds: { training: 2 },
  });
  const datasets = loadDatasets(spec);
  const host = await DeviceHost.start(nodeRunner, process.execPath, "swiftshader");
  const engine = await host.openEngine({ engine: "tfjs", reason: "A test asks for it." });
  try {
    expect(engine.info).toMatchObject({
      name: "tfjs",
      adapter: expect.stringMatching(/^tfjs webgpu, /),
    });
    const finished = [];
    for await (const event of engine.train(compile(spec, datasets), [...datasets.values()])) {
      if (event.kind === "finished") finished.push(event.status);
    }
    expect(finished).toEqual(["complete", "complete"]);
  } finally {
    await engine.dispose();
  }
});

test("without a real GPU tfjs says why it runs on WebAssembly", async () => {
  const { code, stderr } = await clab([
    ...["run", "examples/article-1.yaml", "--engine", "tfjs", "--seeds", "1"],
    ...["--out", temporaryFolder()],
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/tfjs engine, tfjs wasm.*It was asked for with --engine tfjs\. .*adapter/);
});
