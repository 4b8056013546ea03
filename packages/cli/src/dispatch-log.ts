// What a WebGPU engine launched, a line per dispatch: the kernel, how many networks went on by how many
// batches, the launches and their workgroups, and how long it took.

import { appendFileSync } from "node:fs";
import type { DispatchEvent } from "@convergence-lab/core";
import { writeFile } from "./files.ts";

export class DispatchLog {
  readonly #path: string;

  /** @throws CliError CLI_FILE_UNWRITABLE; a file that is there is replaced. */
  constructor(path: string) {
    this.#path = path;
    writeFile(path, "");
  }

  add(dispatch: DispatchEvent): void {
    appendFileSync(this.#path, `${dispatchLine(dispatch)}\n`);
  }
}

/** One line for people. */
export function dispatchLine({ kernel, networks, batches, launches, ms }: DispatchEvent): string {
  const launched = launches.map(({ entryPoint, workgroups, times }) => {
    const often = times > 1 ? `${times} x ` : "";
    return `${often}${entryPoint} in ${counted(workgroups * networks, "workgroup")}`;
  });
  const work = `${counted(networks, "network")} x ${counted(batches, "batch", "batches")}`;
  return `${kernel}: ${work}: ${launched.join(", ")} (${ms.toFixed(1)} ms)`;
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
