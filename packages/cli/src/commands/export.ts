// clab export: trains one network of a spec and writes it, for Keras, for TensorFlow.js, or its
// answers to every row.

import {
  compile,
  didYouMean,
  loadDatasets,
  parseSpec,
  predictionsTable,
  resolveVariants,
  type Spec,
  trainedWeights,
  wordsOfPlan,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { tableFile } from "../export/table.ts";
import { writeFile } from "../files.ts";
import { onInterrupt } from "../interrupt.ts";
import { outputKind, writeModelFile } from "../model-out.ts";
import { openEngine } from "../runners/open-engine.ts";
import { runtimeHere } from "../runners/runner.ts";
import { locatingProblems, readSpecFile, readSpecTables } from "../spec-file.ts";
import { note } from "../terminal.ts";

export interface ExportCommandOptions {
  readonly spec: string;
  readonly outputs: readonly string[];
  readonly variant?: string | undefined;
  readonly seed: number;
  readonly quiet: boolean;
}

export async function exportNetwork(options: ExportCommandOptions): Promise<number> {
  const { outputs, seed, quiet } = options;
  if (!(Number.isInteger(seed) && seed >= 0)) {
    throw new CliError("CLI_USAGE", `--seed is ${seed}; it must be a whole number from 0.`);
  }
  const wanted = outputs.map((path) => ({ path, kind: outputKind(path) }));
  const other = wanted.find(({ kind }) => kind === "spec" || kind === "python");
  if (other !== undefined) {
    throw new CliError(
      "CLI_USAGE",
      `${other.path} holds no trained network; clab convert writes it.`,
    );
  }
  const file = readSpecFile(options.spec);
  const { spec: source, tables, weights } = await readSpecTables(file);
  const planned = await locatingProblems(file, () => {
    const spec = oneNetwork(parseSpec(source), options);
    const datasets = loadDatasets(spec, tables);
    const [variant] = resolveVariants(spec);
    const plan = compile(spec, datasets, weights);
    return { variant, plan, datasets: [...datasets.values()] };
  });
  const { variant, plan, datasets } = planned;
  const interrupt = onInterrupt();
  const words = wordsOfPlan(plan);
  // The other engines tell no weights.
  const engine = await openEngine({ engine: "cpu", runtime: runtimeHere(), words });
  try {
    const { signal } = interrupt;
    const trained = (await trainedWeights(engine, plan, datasets, { signal })).get(0);
    if (trained === undefined) return EXIT.interrupted;
    const { parameters, status } = trained;
    if (status === "diverged" && !quiet) note("The network diverged; these are its last weights.");
    const [{ network }] = plan.buckets;
    for (const { path, kind } of wanted) {
      if (kind === "table") {
        const { hyper } = plan.runs[0];
        const table = predictionsTable(datasets[0], { network, hyper }, parameters);
        writeFile(path, await tableFile(path, table));
      } else if (kind !== "spec" && kind !== "python") {
        await writeModelFile(path, kind, variant, { network, parameters });
      }
      if (!quiet) note(`${path}: ${variant.name}, training seed ${seed}.`);
    }
    return EXIT.ran;
  } finally {
    await engine.dispose();
    interrupt.release();
  }
}

/** The spec with one of its variants, one seed, and nothing that is measured beside. */
function oneNetwork(spec: Spec, { variant: wanted, seed }: ExportCommandOptions): Spec {
  const variants = resolveVariants(spec);
  const names = variants.map(({ name }) => name);
  if (wanted === undefined && variants.length > 1) {
    throw new CliError("CLI_USAGE", `choose one with --variant: ${names.join(", ")}.`);
  }
  const variant = variants.find(({ name }) => name === (wanted ?? names[0]));
  if (variant === undefined) {
    throw new CliError(
      "CLI_USAGE",
      `"${wanted}" is not a variant of this spec (${names.join(", ")}).${didYouMean(wanted!, names)}`,
    );
  }
  const { name, ...own } = variant;
  const { probes: _, ...rest } = spec;
  return {
    ...rest,
    ...own,
    variants: { [name]: {} },
    claims: [],
    seeds: { training: [seed], data: 1 },
  };
}
