// clab bench compare: results of `clab bench --json` side by side, from as many machines as there
// are files. Nothing is measured here.

import { basename } from "node:path";
import {
  compareBenchmarks,
  comparisonHtml,
  comparisonText,
  parseBenchmark,
} from "@convergence-lab/core";
import { EXIT } from "../errors.ts";
import { readText, writeFile } from "../files.ts";
import { writeOut } from "../terminal.ts";

export interface BenchCompareOptions {
  readonly files: readonly string[];
  readonly exportHtml?: string | undefined;
}

export async function benchCompare({ files, exportHtml }: BenchCompareOptions): Promise<number> {
  const comparison = compareBenchmarks(
    files.map((path) => ({ file: basename(path), result: parseBenchmark(path, readText(path)) })),
  );
  if (exportHtml !== undefined) writeFile(exportHtml, comparisonHtml(comparison));
  await writeOut(comparisonText(comparison));
  return EXIT.ran;
}
