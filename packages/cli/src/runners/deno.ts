// Deno, which has WebGPU of its own (wgpu).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onPath, programName } from "./on-path.ts";
import { type Runner, runtimeHere } from "./runner.ts";
import { stdioConnection } from "./stdio-connection.ts";
import { driverEnvironment } from "./vulkan-driver.ts";

const HOST = fileURLToPath(new URL("../hosts/stdio-host.js", import.meta.url));

export const denoRunner: Runner = {
  runtime: "deno",
  label: "Deno",
  missing: "Deno is not installed; see https://deno.com, or set DENO to the program.",
  find() {
    if (process.env.DENO) return process.env.DENO;
    return runtimeHere() === "deno" ? process.execPath : (fromNpm() ?? onPath("deno"));
  },
  async connect(program, driver) {
    // No permissions: the host reads stdin, writes stdout and uses the device.
    const args = ["run", "--quiet", "--no-config", "--no-lock", "--no-remote", "--no-prompt", HOST];
    return stdioConnection(program, args, driverEnvironment(driver));
  },
};

/** The program inside the npm package `deno`, which has one package per platform. */
function fromNpm(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve("deno/package.json");
    const { optionalDependencies } = JSON.parse(readFileSync(manifest, "utf8"));
    const require = createRequire(manifest);
    for (const name of Object.keys(optionalDependencies)) {
      try {
        return join(dirname(require.resolve(`${name}/package.json`)), programName("deno"));
      } catch {
        // A package for another platform.
      }
    }
  } catch {
    // Not installed; it is a development dependency.
  }
  return undefined;
}
