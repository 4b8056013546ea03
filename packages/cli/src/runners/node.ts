// Node, with WebGPU from the npm package `webgpu` (Dawn). A process of its own, because Dawn reads
// the driver to load from the environment when it starts, and takes its process along when it fails.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { onPath } from "./on-path.ts";
import { type Runner, runtimeHere } from "./runner.ts";
import { stdioConnection } from "./stdio-connection.ts";
import { driverEnvironment } from "./vulkan-driver.ts";

const HOST = fileURLToPath(new URL("../hosts/stdio-host.js", import.meta.url));

export const nodeRunner: Runner = {
  runtime: "node",
  label: "Node",
  missing:
    "Node is not installed, or the npm package `webgpu` is not; run `npm install webgpu` with it.",
  find() {
    if (dawn() === undefined) return undefined;
    return runtimeHere() === "node" ? process.execPath : onPath("node");
  },
  async connect(program, driver) {
    return stdioConnection(program, [HOST, dawn()!], driverEnvironment(driver));
  },
};

/** The file that the package `webgpu` is loaded by, if it is installed. */
function dawn(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("webgpu");
  } catch {
    return undefined;
  }
}
