// A network as a file of another program, in the form that the file's name asks for.

import { basename, dirname, extname, join } from "node:path";
import {
  type StartingNetwork,
  type Variant,
  writeKeras,
  writeKerasJson,
  writeTfjs,
} from "@convergence-lab/core";
import { CliError } from "./errors.ts";
import { writeFile } from "./files.ts";
import { note } from "./terminal.ts";

export type OutputKind = "spec" | "python" | "keras" | "keras-json" | "tfjs" | "table";

/** @throws CliError for an ending that stands for nothing. */
export function outputKind(path: string): OutputKind {
  if (basename(path) === "model.json") return "tfjs";
  const kind = KINDS[extname(path).toLowerCase()];
  if (kind !== undefined) return kind;
  throw new CliError(
    "CLI_USAGE",
    `${path} ends in nothing that is written; .yaml is a spec, .py Keras code, .keras a model, .json its to_json(), model.json TensorFlow.js's.`,
  );
}

const KINDS: Readonly<Record<string, OutputKind>> = {
  ".yaml": "spec",
  ".yml": "spec",
  ".py": "python",
  ".keras": "keras",
  ".json": "keras-json",
  ".csv": "table",
  ".parquet": "table",
};

/** Everything is made before anything is written. */
export async function writeModelFile(
  path: string,
  kind: "keras" | "keras-json" | "tfjs",
  variant: Variant,
  { network, parameters }: StartingNetwork,
): Promise<void> {
  const { files, notes } = await filesOf(path, kind, variant, { network, parameters });
  for (const says of notes) note(`${path}: ${says}`);
  for (const [name, content] of files) writeFile(name, content);
}

async function filesOf(
  path: string,
  kind: "keras" | "keras-json" | "tfjs",
  variant: Variant,
  { network, parameters }: StartingNetwork,
): Promise<{
  files: (readonly [path: string, content: string | Uint8Array])[];
  notes: readonly string[];
}> {
  switch (kind) {
    case "keras": {
      const { bytes, notes } = await writeKeras(variant, network, parameters);
      return { files: [[path, bytes]], notes };
    }
    case "keras-json": {
      const { text, notes } = writeKerasJson(variant, network);
      return { files: [[path, text]], notes };
    }
    case "tfjs": {
      const { files, notes } = writeTfjs(variant, network, parameters);
      const named = Object.entries(files).map(
        ([name, bytes]) => [join(dirname(path), name), bytes] as const,
      );
      // The weights first: a model.json without them is none.
      return { files: named.reverse(), notes };
    }
  }
}
