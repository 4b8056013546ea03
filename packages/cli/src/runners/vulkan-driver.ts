// Which Vulkan driver a child process loads (Linux only; elsewhere WebGPU does not need Vulkan).

import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Driver } from "./runner.ts";

/** SwiftShader, a software driver, comes with Chromium and Chrome. */
const SWIFTSHADER_MANIFESTS = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib64/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

/** The manifest of SwiftShader, unless the caller has already chosen a driver. */
export function swiftShaderManifest(env = process.env): string | undefined {
  if (process.platform !== "linux" || env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES) return undefined;
  return SWIFTSHADER_MANIFESTS.find((path) => existsSync(path));
}

/** The environment of a process that is to load this driver. */
export function driverEnvironment(driver: Driver, env = process.env): NodeJS.ProcessEnv {
  // Without XDG_RUNTIME_DIR the Vulkan loader complains on stderr.
  const quiet = { XDG_RUNTIME_DIR: tmpdir(), ...env };
  const manifest = driver === "swiftshader" ? swiftShaderManifest(env) : undefined;
  // The loader's present name for it, and the one before version 1.3.207.
  return manifest ? { ...quiet, VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest } : quiet;
}
