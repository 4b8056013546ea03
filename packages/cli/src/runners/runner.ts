// A runner knows one runtime: where it is installed, and how to start an engine host in it.

import type { Connection } from "./connection.ts";

export const RUNTIMES = ["node", "deno", "chrome"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** The runtime that this command line runs in. */
export function runtimeHere(): Runtime {
  return process.versions.deno === undefined ? "node" : "deno";
}

/** The version of that, as the environment of a run lists it. */
export function versionHere(): Readonly<Record<string, string>> {
  const runtime = runtimeHere();
  return { [runtime]: process.versions[runtime]! };
}

/** Which Vulkan driver carries the device: what the system has, or Chromium's SwiftShader. */
export type Driver = "system" | "swiftshader";

export interface Runner {
  readonly runtime: Runtime;
  /** The runtime's name in a sentence. */
  readonly label: string;
  /** The program; undefined when it is not installed. */
  find(): string | undefined;
  /** What to install when `find` finds nothing. */
  readonly missing: string;
  /** Whether it runs already, on a driver that nobody chooses here. */
  readonly hasOwnDriver?: boolean;
  connect(program: string, driver: Driver): Promise<Connection>;
}
