// A file with a network of Keras, and the weights that lie beside a model.json.

import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ImportedModel, readModel } from "@convergence-lab/core";
import { readBytes } from "./files.ts";

/** @throws CliError, ModelError */
export function readModelFile(path: string): ImportedModel {
  return readModel(basename(path), readBytes(path), (name) => {
    const beside = join(dirname(path), name);
    return existsSync(beside) ? readBytes(beside) : undefined;
  });
}
