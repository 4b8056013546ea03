// The engines on a WebGPU adapter at the edges of what an engine takes.

import { describe } from "vitest";
import { createTfjsEngine } from "../src/fallback-tfjs/index.ts";
import { createWebGpuEngine } from "../src/webgpu-engine.ts";
import { testsOfEdges } from "./edge-tests.ts";
import { attachDawn } from "./fallback-tfjs/attach-dawn.ts";
import { nodeGpu } from "./node-gpu.ts";

const hasAdapter = await attachDawn();

describe.skipIf(!hasAdapter)("webgpu", () => {
  // Each network is a kernel, which SwiftShader compiles for a second or two. What activations give
  // around 1e4 is in activation.gpu.test.ts; here are those that a network can do most with.
  const open = () => createWebGpuEngine({ gpu: nodeGpu(), reason: "test", selfCheck: "skip" });
  testsOfEdges(open, { drawn: 8, activations: ["relu", "tanh", "gelu", "softplus"] });
});

describe.skipIf(!hasAdapter)("tfjs-webgpu", () => {
  testsOfEdges(() => createTfjsEngine({ backend: "webgpu", reason: "test" }), { drawn: 16 });
});
