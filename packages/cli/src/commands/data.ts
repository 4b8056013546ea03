// clab data: a variant's dataset as its network sees it, after preprocessing and in float32.

import {
  type Dataset,
  didYouMean,
  loadDataset,
  type Part,
  parseSpec,
  resolveVariants,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { asCsv } from "../export/csv.ts";
import { asDataJson } from "../export/data-json.ts";
import { asNpz } from "../export/npz.ts";
import { writeFile } from "../files.ts";
import { locatingProblems, readSpecFile, readSpecTables } from "../spec-file.ts";
import { note, writeOut } from "../terminal.ts";

export interface DataOptions {
  readonly spec: string;
  readonly variant?: string | undefined;
  readonly part: "train" | "test";
  readonly format: keyof typeof FORMATS;
  readonly dataSeed: number;
  readonly out?: string | undefined;
}

export const FORMATS = { csv: asCsv, npz: asNpz, json: asDataJson } satisfies Record<
  string,
  (dataset: Dataset, part: Part) => string | Uint8Array
>;

export async function data(options: DataOptions): Promise<number> {
  if (options.format === "npz" && options.out === undefined && process.stdout.isTTY) {
    throw new CliError("CLI_USAGE", "npz is binary; add --out data.npz, or pipe it somewhere.");
  }
  const file = readSpecFile(options.spec);
  const { spec, tables } = await readSpecTables(file);
  const dataset = await locatingProblems(file, () =>
    loadDataset(chooseVariant(spec, options.variant).data, options.dataSeed, tables),
  );
  const part = dataset[options.part];
  if (part.rows === 0) {
    throw new CliError(
      "CLI_USAGE",
      `${options.spec} has no split, so there is no ${options.part} part; use --part train, or add data.split to the spec.`,
    );
  }
  const content = FORMATS[options.format](dataset, part);
  if (options.out === undefined) {
    await writeOut(content);
  } else {
    writeFile(options.out, content);
    note(`${part.rows} rows of ${dataset.columns.length} columns written to ${options.out}`);
  }
  return EXIT.ran;
}

function chooseVariant(source: unknown, name: string | undefined) {
  const variants = resolveVariants(parseSpec(source));
  const names = variants.map((variant) => variant.name);
  if (name === undefined && variants.length > 1) {
    throw new CliError("CLI_USAGE", `choose one with --variant: ${names.join(", ")}.`);
  }
  const variant = name === undefined ? variants[0] : variants.find((each) => each.name === name);
  if (variant !== undefined) return variant;
  throw new CliError(
    "CLI_USAGE",
    `"${name}" is not a variant of this spec (${names.join(", ")}).${didYouMean(name!, names)}`,
  );
}
