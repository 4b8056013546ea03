// Node, with WebGPU from the npm package `webgpu` (Dawn). A process of its own, because Dawn reads
// the driver to load from the environment when it starts, and takes its process along when it fails.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Runner } from "./runner.ts";
import { stdioConnection } from "./stdio-connection.ts";
import { driverEnvironment } from "./vulkan-driver.ts";

const HOST = fileURLToPath(new URL("../hosts/stdio-host.js", import.meta.url));

export const nodeRunner: Runner = {
  runtime: "node",
  missing: "The npm package `webgpu` is not installed; run `npm install webgpu`.",
  find() {
    try {
      createRequire(import.meta.url).resolve("webgpu");
      return process.execPath;
    } catch {
      return undefined;
    }
  },
  async connect(program, driver) {
    return stdioConnection(program, [HOST], driverEnvironment(driver));
  },
};
