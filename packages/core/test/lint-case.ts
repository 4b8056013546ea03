// Data in, findings out: a healthy experiment, what a test changes of it, and what one check says.

import { loadDatasets } from "../src/compile/compile.ts";
import { LINT_CHECKS } from "../src/lint/all-checks.ts";
import type { Finding } from "../src/lint/finding.ts";
import { lint } from "../src/lint/lint.ts";
import { normalAt } from "../src/shared/random.ts";
import { mergePatch } from "../src/spec/merge-patch.ts";
import { parseSpec } from "../src/spec/parse-spec.ts";
import type { Spec, SpecInput } from "../src/spec/spec.ts";

export interface LintCase {
  readonly rows?: readonly (readonly (number | null)[])[];
  readonly labels?: readonly (string | number)[];
  readonly columns?: readonly string[];
  readonly data?: object;
  readonly layers?: SpecInput["model"]["layers"];
  readonly train?: object;
  readonly variants?: SpecInput["variants"];
}

/** `rows` rows of `columns` standard normal numbers, the same at every call. */
export function normalRows(rows: number, columns = 4): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => normalAt(1, 0, i * columns + j)),
  );
}

/** Whether the first two numbers have the same sign: balanced, and no column tells it alone. */
export function signLabels(rows: readonly (readonly (number | null)[])[]): number[] {
  return rows.map(([a, b]) => (Number(a) * Number(b ?? 1) > 0 ? 1 : 0));
}

/** 240 rows of 4 unrelated columns, one hidden layer, Adam: nothing to be said about it. */
export function lintSpec(change: LintCase = {}): Spec {
  const rows = change.rows ?? normalRows(240);
  const { labels = signLabels(rows), columns } = change;
  const base = {
    name: "lint",
    data: {
      source: { kind: "inline", rows, labels, ...(columns ? { columns } : {}) },
      ...(change.data && "split" in change.data && change.data.split === undefined
        ? {}
        : { split: { testSize: 0.25 } }),
    },
    model: {
      layers: change.layers ?? [
        { units: 16, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", epochs: 50 },
    variants: change.variants ?? {},
  };
  const patch = { data: change.data, train: change.train };
  return parseSpec(mergePatch(base, patch), { allowUntrainable: true });
}

export function findingsOf(spec: Spec, id?: string): Finding[] {
  const checks = LINT_CHECKS.filter((check) => id === undefined || check.id === id);
  if (checks.length === 0) throw new Error(`There is no lint check ${id}.`);
  return lint(spec, loadDatasets(spec), checks);
}

/** What one check says of the case, one line per finding, as a person reads it. */
export function lintLines(id: string, change: LintCase): string[] {
  return findingsOf(lintSpec(change), id).map(
    ({ severity, where, says }) => `${severity} at ${where}: ${says}`,
  );
}

/** For each intervention of the case: its id, and what the check still says after its patch. */
export function afterInterventions(id: string, change: LintCase): Record<string, string[]> {
  const spec = lintSpec(change);
  const outcomes = findingsOf(spec, id).flatMap(({ interventions }) =>
    interventions.map((intervention): [string, string[]] => {
      const patched = parseSpec(
        { ...spec, variants: { patched: intervention.patch } },
        { allowUntrainable: true },
      );
      return [
        intervention.id,
        findingsOf(patched, id).map(({ severity, says }) => `${severity}: ${says}`),
      ];
    }),
  );
  return Object.fromEntries(outcomes);
}
