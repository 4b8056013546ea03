// The optional package @convergence-lab/queue, which is loaded when a queue is named.

import type * as QueuePackage from "@convergence-lab/queue";
import { CliError } from "../errors.ts";
import { runtimeHere } from "../runners/runner.ts";

/** @throws CliError CLI_USAGE where it is not installed. */
export async function loadQueue(): Promise<typeof QueuePackage> {
  try {
    return await import("@convergence-lab/queue");
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CliError("CLI_USAGE", `--queue needs a package that is not installed: ${INSTALL}.`);
  }
}

/** Deno finds an optional package only where both are among the imports of a folder. */
const INSTALL =
  runtimeHere() === "deno"
    ? "deno add npm:@convergence-lab/cli npm:@convergence-lab/queue, in the folder where it runs"
    : "npm install @convergence-lab/queue, beside @convergence-lab/cli";
