// A file with a network, and the weights that lie beside a model.json.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  type ImportedModel,
  ModelError,
  type ModelWeights,
  type ReadModelOptions,
  readModel,
} from "@convergence-lab/core";
import { readBytes } from "./files.ts";

export interface ModelFile {
  readonly model: ImportedModel;
  /** SHA-256 of the file, and of those beside it that were read. */
  readonly digest: string;
}

/**
 * @param facts Of the table that the network is for.
 * @throws CliError, ModelError
 */
export function readModelFile(path: string, facts?: ReadModelOptions["facts"]): ModelFile {
  const hash = createHash("sha256");
  const hashed = (bytes: Uint8Array) => {
    hash.update(bytes);
    return bytes;
  };
  const sibling = (name: string) => {
    const beside = join(dirname(path), name);
    return existsSync(beside) ? hashed(readBytes(beside)) : undefined;
  };
  const model = readModel(basename(path), hashed(readBytes(path)), { sibling, facts });
  return { model, digest: hash.digest("hex") };
}

/** @throws CliError, ModelError when the file holds none. */
export function readWeightsFile(path: string): { weights: ModelWeights; digest: string } {
  const { model, digest } = readModelFile(path);
  if (model.weights !== undefined) return { weights: model.weights, digest };
  throw new ModelError(
    "MODEL_MISMATCH",
    `${basename(path)} holds a network without weights; save it with model.save.`,
  );
}
