// A spec file, YAML or JSON (which is YAML), as a plain value; and the place in the file that a
// problem is about.

import { printPath, SpecError, type SpecProblem } from "@convergence-lab/core";
import { isNode, LineCounter, parseDocument } from "yaml";
import { readText } from "./files.ts";

export interface SpecFile {
  readonly path: string;
  readonly source: unknown;
  /** "file.yaml:12:5" for a problem's path, or for the nearest part of it that exists. */
  locate(path: SpecProblem["path"]): string;
}

/** @throws CliError when the file cannot be read, SpecFileError when it is not YAML. */
export function readSpecFile(path: string): SpecFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new SpecFileError(
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`),
    );
  }
  return {
    path,
    source: document.toJS(),
    locate(problemPath) {
      for (let length = problemPath.length; length > 0; length--) {
        const node = document.getIn(problemPath.slice(0, length), true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return path;
    },
  };
}

/** A spec that cannot be used, each line with its place in the file. */
export class SpecFileError extends Error {
  readonly code = "SPEC_INVALID";
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "SpecFileError";
    this.lines = lines;
  }
}

/** Runs something that may find problems in the spec, and says where in the file they are. */
export async function locatingProblems<T>(file: SpecFile, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecFileError(
      error.problems.map(
        ({ path, message }) => `${file.locate(path)}: ${printPath(path)} ${message}`,
      ),
    );
  }
}
