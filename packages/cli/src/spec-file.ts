// A spec file, YAML or JSON (which is YAML), as a plain value; and the place in the file that a
// problem is about.

import { dirname, resolve } from "node:path";
import {
  printPath,
  SpecError,
  type SpecProblem,
  type SpecWithTables,
  withTables,
} from "@convergence-lab/core";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { ProblemsError } from "./errors.ts";
import { readText } from "./files.ts";
import { readTableFile } from "./table-file.ts";

export interface SpecFile {
  readonly path: string;
  readonly source: unknown;
  /** "file.yaml:12:5" for a problem's path, or for the nearest part of it that exists. */
  locate(path: SpecProblem["path"]): string;
}

/** @throws CliError when the file cannot be read, ProblemsError when it is not YAML. */
export function readSpecFile(path: string): SpecFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ProblemsError(
      "spec",
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`),
    );
  }
  return {
    path,
    source: plainValue(document, path),
    locate(problemPath) {
      for (let length = problemPath.length; length > 0; length--) {
        const node = document.getIn(problemPath.slice(0, length), true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return path;
    },
  };
}

/** The spec of a file with the tables that it names, whose paths are relative to it. */
export function readSpecTables({ path, source }: SpecFile): SpecWithTables {
  return withTables(source, (table) => readTableFile(resolve(dirname(path), table.path), table));
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
export async function locatingProblems<T>(file: SpecFile, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const lines = error.problems.map(
      ({ path, message }) => `${file.locate(path)}: ${printPath(path)} ${message}`,
    );
    // In the order of the file, from top to bottom.
    const { compare } = new Intl.Collator("en", { numeric: true });
    throw new ProblemsError("spec", lines.sort(compare));
  }
}
