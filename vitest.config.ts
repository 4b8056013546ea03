// Tests run on the TypeScript sources: workspace packages resolve through the export condition
// "source". Only the end-to-end tests use what was built.
//
//   unit  next to the file they test, no device
//   gpu   *.gpu.test.ts: real WGSL on a WebGPU adapter
//   e2e   packages/cli/test: the built command line, in all three runtimes;
//         packages/web/test: the built element in a real browser;
//         packages/web/site/test: the site, and the element in other generators' sites

import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";

const SOURCE_FIRST = ["source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions: SOURCE_FIRST },
  ssr: { resolve: { conditions: SOURCE_FIRST } },
  test: {
    // The machines that run this have two cores, and a GPU test keeps one busy by itself.
    maxWorkers: 2,
    // Guards against hangs, and no measure of speed: a machine that does ten other things is as right.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 300_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/{src,test}/**/*.test.ts"],
          exclude: ["**/*.gpu.test.ts", "**/*.e2e.test.ts", "packages/cli/test/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "gpu",
          include: ["packages/*/{src,test}/**/*.gpu.test.ts"],
          env: softwareAdapter(),
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["packages/{cli,web}/{test,site/test}/**/*.e2e.test.ts"],
        },
      },
    ],
  },
});

/**
 * Chromium's SwiftShader as the Vulkan driver of this process, unless the machine has a GPU or the
 * caller chose a driver. Without one of the three the GPU tests are skipped, or fail under CI.
 */
function softwareAdapter(): Record<string, string> {
  const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
  const chosen = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const hasGpu = existsSync("/dev/dri") || existsSync("/dev/nvidia0");
  if (chosen !== undefined || hasGpu || !existsSync(driver)) return {};
  // The loader warns on stderr when XDG_RUNTIME_DIR does not exist.
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, XDG_RUNTIME_DIR: "/tmp" };
}
