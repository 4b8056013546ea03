// WebGPU in Node for tests: Dawn from the npm package `webgpu`, on the machine's GPU or on the
// SwiftShader that Chromium brings. No adapter is a visible skip, and a failure under CI.

/// <reference types="node" />
import { existsSync } from "node:fs";
import { create, globals } from "webgpu";
import { pollByTimer } from "../src/device/poll-by-timer.ts";
import { skipWithoutAdapter } from "./skip-without-adapter.ts";

/** Where distributions put Chromium's software Vulkan driver. */
const SWIFTSHADER_DRIVERS = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib64/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

/** Dawn's instance: once it is garbage-collected, the process dies in a mutex. */
const holder = globalThis as { dawnOfThisProcess?: GPU };

/** `navigator.gpu` for Node; the same object for all tests of a process. */
export function nodeGpu(): GPU {
  if (holder.dawnOfThisProcess) return holder.dawnOfThisProcess;
  const chosen = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const hasGpu = existsSync("/dev/dri") || existsSync("/dev/nvidia0");
  const driver = SWIFTSHADER_DRIVERS.find((path) => existsSync(path));
  if (process.platform === "linux" && chosen === undefined && !hasGpu && driver) {
    // The loader reads them when Dawn starts. XDG_RUNTIME_DIR only quiets a warning.
    process.env.VK_DRIVER_FILES = driver;
    process.env.VK_ICD_FILENAMES = driver;
    process.env.XDG_RUNTIME_DIR ??= "/tmp";
  }
  Object.assign(globalThis, globals);
  // With one test file per core the polling takes half of what compiles kernels.
  if (!hasGpu) pollByTimer();
  holder.dawnOfThisProcess = create([]);
  return holder.dawnOfThisProcess;
}

const adapter = await nodeGpu().requestAdapter();

/** For `describe.skipIf`. */
export const hasNoAdapter = skipWithoutAdapter(adapter !== null, process.env);
