// Trials into a folder that MLflow opens as its store of files.

import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  experimentFile,
  type MlflowSweep,
  type TrialCurve,
  type TrialRecord,
  trialFiles,
} from "@convergence-lab/core";
import { writeFile } from "../files.ts";
import type { FoundSweep } from "./read-sweeps.ts";
import { trialsFile } from "./sweep-folder.ts";

export class MlflowFolder {
  readonly #path: string;
  readonly #store: MlflowSweep;

  /** Records know no time, so all of them have that of the last line of their sweep. */
  constructor(path: string, { sweep, name, folders }: FoundSweep) {
    const changes = folders.map(
      (folder) => statSync(trialsFile(folder), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    );
    const uri = pathToFileURL(resolve(path)).href;
    this.#path = path;
    this.#store = { sweep, name, uri, time: Math.floor(Math.max(...changes)) };
    this.#write([experimentFile(this.#store)]);
  }

  add(record: TrialRecord, curve: TrialCurve | undefined): void {
    this.#write(trialFiles(this.#store, record, curve));
  }

  #write(files: ReturnType<typeof trialFiles>): void {
    for (const { path, content } of files) writeFile(join(this.#path, ...path), content);
  }
}
