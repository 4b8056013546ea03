// Deno, which has WebGPU of its own (wgpu).

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Runner } from "./runner.ts";
import { stdioConnection } from "./stdio-connection.ts";
import { driverEnvironment } from "./vulkan-driver.ts";

const HOST = fileURLToPath(new URL("../hosts/stdio-host.js", import.meta.url));
const PROGRAM = process.platform === "win32" ? "deno.exe" : "deno";

export const denoRunner: Runner = {
  runtime: "deno",
  missing: "Deno is not installed; see https://deno.com, or set DENO to the program.",
  find() {
    if (process.env.DENO) return process.env.DENO;
    return fromNpm() ?? fromPath();
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
        return join(dirname(require.resolve(`${name}/package.json`)), PROGRAM);
      } catch {
        // A package for another platform.
      }
    }
  } catch {
    // Not installed; it is a development dependency.
  }
  return undefined;
}

function fromPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, PROGRAM)).find((path) => existsSync(path));
}
