// A spec file, YAML or JSON (which is YAML), as a plain value; and the place in the file that a
// problem is about.

import { dirname, resolve } from "node:path";
import {
  type FilePlace,
  printPath,
  SpecError,
  type SpecProblem,
  type SpecWithTables,
  type SpecWithWeights,
  withTables,
  withWeights,
} from "@convergence-lab/core";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { ProblemsError } from "./errors.ts";
import { readText } from "./files.ts";
import { readWeightsFile } from "./model-file.ts";
import { readTableFile, STDIN, type TableFileOptions } from "./table-file.ts";

export interface SpecFile {
  readonly path: string;
  /** As it stands in the file. */
  readonly text: string;
  readonly source: unknown;
  /** Where a part such as "model.layers[2]" stands. */
  placeOf(where: string): FilePlace;
  /** "file.yaml:12:5" for a problem's path, or for the nearest part of it that exists. */
  locate(path: SpecProblem["path"]): string;
}

/** @throws CliError when the file cannot be read, ProblemsError when it is not YAML. */
export function readSpecFile(path: string): SpecFile {
  const lines = new LineCounter();
  const text = readText(path);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  /** Of the nearest part of a path that exists. */
  const offsetOf = (problemPath: SpecProblem["path"]) => {
    for (let length = problemPath.length; length > 0; length--) {
      const node = document.getIn(problemPath.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return undefined;
  };
  if (document.errors.length > 0) {
    throw new ProblemsError(
      "spec",
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`),
    );
  }
  const source = plainValue(document, path);
  return {
    path,
    text,
    source,
    placeOf(where) {
      const offset = offsetOf(where.match(/[^.[\]]+/g) ?? []);
      if (offset === undefined) return { file: path };
      const { line, col } = lines.linePos(offset);
      return { file: path, line, column: col };
    },
    locate(problemPath) {
      const offset = offsetOf(problemPath);
      return offset === undefined ? path : at(offset);
    },
  };
}

/** The spec of a file with the tables and weights that it names, whose paths are relative to it. */
export async function readSpecTables(
  { path, source }: SpecFile,
  options: TableFileOptions = {},
): Promise<SpecWithTables & SpecWithWeights> {
  const beside = (name: string) => resolve(dirname(path), name);
  const { spec, tables } = await withTables(source, (table) => {
    const place = table.path === STDIN ? STDIN : beside(table.path);
    return readTableFile(place, table, options);
  });
  return { ...withWeights(spec, (name) => readWeightsFile(beside(name))), tables };
}

/** The text as a plain value; aliases that stand for more than a spec can hold are refused. */
function plainValue(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ProblemsError("spec", [`${path}: ${error.message}; write the values out.`]);
  }
}

/** Runs something that may find problems in the spec, and says where in the file they are. */
export async function locatingProblems<T>(
  file: SpecFile | undefined,
  use: () => T | Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const lines = error.problems.map(
      ({ path, message }) =>
        `${file === undefined ? "" : `${file.locate(path)}: `}${printPath(path)} ${message}`,
    );
    // In the order of the file, from top to bottom.
    const { compare } = new Intl.Collator("en", { numeric: true });
    throw new ProblemsError("spec", lines.sort(compare));
  }
}
