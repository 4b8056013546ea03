// The doctor in a page, and what can be taken away from it. Loaded when it is asked for.

import {
  asHtml,
  asJson,
  compile,
  curvesCsv,
  type Engine,
  kerasCode,
  loadDatasets,
  type Plan,
  parseSpec,
  type Report,
  reportSections,
  runDiagnosis,
  type Spec,
  type SpecInput,
  trainableSpec,
} from "@convergence-lab/core";
import type { Diagnosed, Download, DownloadKind } from "../messages.ts";
import type { Rows } from "./experiment.ts";
import type { Tell } from "./session.ts";

export interface Subject extends Rows {
  /** As written. */
  readonly source: unknown;
  readonly spec: Spec;
  /** Absent: the first. */
  readonly variant: string | undefined;
}

/** The fewest that a sign test's 95% interval needs, and as many as the command line takes. */
const [LEAST_SEEDS, MOST_SEEDS] = [6, 16];

/** What is trained first, by which the engine is chosen. */
export function planToDiagnose({ source, variant, tables, weights }: Subject): Plan {
  const parsed = parseSpec(source, { allowUntrainable: true });
  const spec = trainableSpec(parsed, tables, variant);
  return compile(spec, loadDatasets(spec, tables), weights);
}

export async function diagnoseIt(
  { source, spec, variant, tables, weights }: Subject,
  engine: Engine,
  signal: { readonly aborted: boolean },
  tell: Tell,
): Promise<Diagnosed> {
  const { training } = spec.seeds;
  const written = typeof training === "number" ? training : training.length;
  const { report } = await runDiagnosis(source, engine, {
    tables,
    weights,
    variant,
    seeds: Math.min(MOST_SEEDS, Math.max(LEAST_SEEDS, written)),
    signal,
    onStage: ({ says }) => tell({ kind: "stage", says }),
    onProgress: ({ stepsDone, stepsTotal }) =>
      tell({ kind: "progress", stepsDone, stepsTotal, runsDone: 0, runsTotal: 0 }),
  });
  const [answer, ...evidence] = reportSections(report).head;
  return { report, shown: { answer, evidence: evidence.join("") } };
}

/** @throws RangeError for what only a training gives */
export function download(
  kind: DownloadKind,
  source: unknown,
  report: Report | undefined,
): Download {
  const name = nameOf(source);
  if (kind === "keras") {
    const spec = report?.diagnosis?.prescription?.spec ?? (source as SpecInput);
    return { name: `${name}.py`, type: "text/x-python", text: kerasCode(spec) };
  }
  if (report === undefined) throw new RangeError("Train first: there is no report yet.");
  if (kind === "html") return { name: `${name}.html`, type: "text/html", text: asHtml(report) };
  if (kind === "csv") return { name: `${name}.csv`, type: "text/csv", text: curvesCsv(report) };
  return { name: `${name}.json`, type: "application/json", text: asJson(report) };
}

/** A spec that was opened has a name of letters, digits and a few signs. */
function nameOf(source: unknown): string {
  return String((source as { name?: unknown }).name ?? "lab");
}
