// Findings before training, from the spec and the facts of the columns. One file per check.

import type { DatasetTable } from "../compile/compile.ts";
import { datasetKey } from "../dataset/load-dataset.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import type { Spec } from "../spec/spec.ts";
import { constantColumn } from "./checks/constant-column.ts";
import { unscaledFeatures } from "./checks/unscaled-features.ts";
import type { Finding } from "./finding.ts";
import type { LintCheck } from "./lint-check.ts";

/** All checks, in the order in which findings of one variant are listed. */
export const LINT_CHECKS: readonly LintCheck[] = [constantColumn, unscaledFeatures];

/** Looks at every variant on the data as written. */
export function lint(spec: Spec, datasets: DatasetTable): Finding[] {
  return resolveVariants(spec).flatMap((variant) => {
    const dataset = datasets.get(datasetKey(variant.data, 0))!;
    return LINT_CHECKS.flatMap((check) => check.examine(variant, dataset));
  });
}
