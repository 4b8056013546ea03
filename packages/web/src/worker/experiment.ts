// A session's experiment before anything is trained: what a page shows of it at once, and what
// training and the doctor start from.

import {
  chanceLevel,
  compile,
  type DatasetTable,
  type Finding,
  loadDatasets,
  type Plan,
  parseSpec,
  printPath,
  type Spec,
  SpecError,
  type Tables,
  traceVariants,
  type WeightsTable,
  withProbes,
} from "@convergence-lab/core";
import type { Opened, Problem } from "../messages.ts";

export interface OpenExperiment {
  /** Defaults filled in, with the probes that the checks read. */
  readonly spec: Spec;
  readonly datasets: DatasetTable;
  readonly findings: readonly Finding[];
  /** Absent: it cannot be trained as it is written. */
  readonly plan: Plan | undefined;
  readonly untrainable: readonly Problem[];
}

export interface Rows {
  readonly tables: Tables;
  readonly weights: WeightsTable;
}

/** @throws SpecError with everything that is wrong with it, but for what the doctor can mend. */
export function openExperiment(
  source: unknown,
  { tables, weights }: Rows,
  { lint, requestedProbes }: typeof import("./checks.ts"),
): OpenExperiment {
  const parsed = parseSpec(source, { allowUntrainable: true });
  const spec = withProbes(parsed, [requestedProbes()]);
  const datasets = loadDatasets(spec, tables);
  const findings = lint(spec, datasets);
  try {
    parseSpec(source);
    return { spec, datasets, findings, plan: compile(spec, datasets, weights), untrainable: [] };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { spec, datasets, findings, plan: undefined, untrainable: problemsOf(error) };
  }
}

export function describeExperiment(source: unknown, experiment: OpenExperiment): Opened {
  const { spec, datasets, findings, plan, untrainable } = experiment;
  const { training } = spec.seeds;
  return {
    spec: source,
    title: spec.title ?? spec.name,
    variants: plan === undefined ? [] : variantsOf(plan, datasets),
    runs: plan?.runs.length ?? 0,
    seeds: typeof training === "number" ? training : training.length,
    findings,
    untrainable,
  };
}

function variantsOf(plan: Plan, datasets: DatasetTable): Opened["variants"] {
  const table = [...datasets.values()];
  return traceVariants(plan, table).map((variant) => {
    const run = plan.runs.find(({ variant: name }) => name === variant.name)!;
    const { network } = plan.buckets[run.bucket];
    const chance = chanceLevel(table[run.dataset], network, run.hyper);
    return { ...variant, chance: { ...chance } };
  });
}

export function problemsOf({ problems }: SpecError): Problem[] {
  return problems.map(({ path, message }) => ({ path: printPath(path), message }));
}
