// What is known of a network when its causes are weighed.

import type { Dataset } from "../dataset/dataset.ts";
import type { Finding } from "../lint/finding.ts";
import type { Variant } from "../spec/spec.ts";

export interface CauseContext {
  readonly variant: Variant;
  readonly dataset: Dataset;
  /** Of lint and, once it is trained, of diagnose, about this variant. */
  readonly findings: readonly Finding[];
  /** The rate of the least loss in a range test; undefined where none was made or none stood out. */
  readonly bestRate?: number | undefined;
  /** Mean accuracies over the seeds, once it is trained and where there is a test part. */
  readonly reached?: { readonly training: number; readonly test: number } | undefined;
}

export function findingsOf({ findings }: CauseContext, ...ids: string[]): Finding[] {
  return findings.filter(({ id }) => ids.includes(id));
}

export function has(context: CauseContext, ...ids: string[]): boolean {
  return findingsOf(context, ...ids).some(({ severity }) => severity !== "note");
}
