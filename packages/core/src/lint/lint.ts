// Findings before training, from the spec and the facts of the data. One file per check.

import type { DatasetTable } from "../compile/compile.ts";
import { datasetKey } from "../dataset/load-dataset.ts";
import { canonicalJson } from "../shared/content-hash.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import type { Spec } from "../spec/spec.ts";
import { LINT_CHECKS } from "./all-checks.ts";
import { factsOf } from "./facts/facts.ts";
import { type Finding, SEVERITIES } from "./finding.ts";
import type { LintCheck } from "./lint-check.ts";

/**
 * Looks at every variant on the data as written. What holds for several variants is one finding
 * that names them; errors come first, then warnings, then notes.
 */
export function lint(
  spec: Spec,
  datasets: DatasetTable,
  checks: readonly LintCheck[] = LINT_CHECKS,
): Finding[] {
  const findings = new Map<string, Finding>();
  const subjects = resolveVariants(spec).map((variant) => ({
    variant,
    facts: factsOf(datasets.get(datasetKey(variant.data, 0))!),
  }));
  for (const check of checks) {
    for (const { variant, facts } of subjects) {
      for (const observation of check.examine(variant, facts)) {
        const said = { evidence: [], ruledOut: [], interventions: [], ...observation };
        const key = canonicalJson([check.id, said]);
        const variants = [...(findings.get(key)?.variants ?? []), variant.name];
        findings.set(key, { id: check.id, ...said, variants });
      }
    }
  }
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return [...findings.values()].sort((a, b) => rank(a) - rank(b));
}
