// clab convert: a network from one form into another. What reads it says which forms there are, and
// what the new form cannot say is told on stderr.

import {
  kerasCode,
  loadDatasets,
  parseSpec,
  resolveVariants,
  type Spec,
  type SpecInput,
  specText,
  startingNetwork,
} from "@convergence-lab/core";
import { readSource, type Source, type SourceOptions } from "../convert/source.ts";
import { movedSpec } from "../diagnose/exports.ts";
import { CliError, EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { type OutputKind, outputKind, writeModelFile } from "../model-out.ts";
import { locatingProblems } from "../spec-file.ts";
import { note } from "../terminal.ts";

export interface ConvertOptions extends SourceOptions {
  readonly output: string;
  readonly variant?: string | undefined;
}

export async function convert(options: ConvertOptions): Promise<number> {
  const { input, output } = options;
  const kind = outputKind(output);
  if (kind === "table") {
    throw new CliError("CLI_USAGE", `${output} is a table; clab export writes it.`);
  }
  const source = await readSource(options, kind);
  source.notes.forEach(note);
  await locatingProblems(source.file, () => write(source, kind, options));
  note(`${input} -> ${output}`);
  return EXIT.ran;
}

async function write(
  source: Source,
  kind: Exclude<OutputKind, "table">,
  { input, output, variant: wanted }: ConvertOptions,
): Promise<void> {
  const parsed = parseSpec(source.spec, { allowUntrainable: true });
  if (kind === "spec") {
    const text = specText(seenFrom(output, parsed, source), Number.POSITIVE_INFINITY);
    const head = source.isAlone
      ? "# From a model: name your table and its column of classes in data.source.\n"
      : "";
    writeFile(output, head + text);
    return;
  }
  const variants = resolveVariants(parsed);
  const names = variants.map(({ name }) => name);
  const variant = variants.find(({ name }) => name === (wanted ?? names[0]));
  if (variant === undefined || (wanted === undefined && variants.length > 1)) {
    throw new CliError("CLI_USAGE", `choose one with --variant: ${names.join(", ")}.`);
  }
  const { data, model, train } = variant;
  const one: Spec = { ...parsed, data, model, train, variants: {}, claims: [] };
  if (kind === "python") {
    writeFile(output, kerasCode(seenFrom(output, one, source)));
    return;
  }
  const inputs = source.isAlone ? source.inputs : columnsOf(one, source);
  if (inputs === undefined) {
    throw new CliError(
      "CLI_USAGE",
      `${input} does not say how many columns its network takes; name a table with --data and --target.`,
    );
  }
  const network = startingNetwork(variant, inputs, { weights: source.weights });
  await writeModelFile(output, kind, variant, network);
}

/** Paths as seen from the new file; of a table that is still to be named there is none. */
function seenFrom(output: string, spec: SpecInput, source: Source): SpecInput {
  const moved = movedSpec(spec, source, output);
  return source.isAlone ? { ...moved, data: spec.data } : moved;
}

function columnsOf(spec: Spec, { tables }: Source): number {
  const [dataset] = loadDatasets({ ...spec, seeds: { training: 1, data: 1 } }, tables).values();
  return dataset.columns.length;
}
