// Trace -> findings. Every check looks at every variant; a check whose signals no run has is named
// as not measured, and one that fails does not stop the others.

import { blocksOf } from "../lint/blocks.ts";
import { type Finding, SEVERITIES } from "../lint/finding.ts";
import { canonicalJson } from "../shared/content-hash.ts";
import type { Probe, ProbeRequest } from "../spec/probe-names.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { isMeasured } from "../trace/signals.ts";
import type { Trace } from "../trace/trace.ts";
import { DIAGNOSE_CHECKS } from "./all-checks.ts";
import type { Check, Subject } from "./check.ts";

export interface Diagnosed {
  /** Errors first, then warnings, then notes. */
  readonly findings: readonly Finding[];
  readonly notMeasured: readonly NotMeasured[];
  /** Checks that broke, with their message. */
  readonly unclear: readonly { readonly check: string; readonly says: string }[];
}

/** A check that could not judge a variant, and what it would have needed. */
export interface NotMeasured {
  readonly check: string;
  readonly variants: readonly string[];
  readonly probes: readonly Probe[];
}

/** What the checks need measured. */
export function requestedProbes(checks: readonly Check[] = DIAGNOSE_CHECKS): ProbeRequest {
  return { signals: [...new Set(checks.flatMap(({ reads }) => reads))] };
}

export function diagnose(trace: Trace, checks: readonly Check[] = DIAGNOSE_CHECKS): Diagnosed {
  const findings = new Map<string, Finding>();
  const notMeasured = new Map<string, NotMeasured>();
  const unclear: { check: string; says: string }[] = [];
  for (const check of checks) {
    for (const subject of subjectsOf(trace)) {
      const { name } = subject.variant;
      const missing = missingProbes(check, subject);
      if (missing.length > 0) {
        const key = canonicalJson([check.id, missing]);
        const variants = [...(notMeasured.get(key)?.variants ?? []), name];
        notMeasured.set(key, { check: check.id, variants, probes: missing });
        continue;
      }
      try {
        for (const observation of check.examine(subject)) {
          const said = { evidence: [], ruledOut: [], interventions: [], ...observation };
          const key = canonicalJson([check.id, said]);
          const variants = [...(findings.get(key)?.variants ?? []), name];
          findings.set(key, { id: check.id, ...said, variants });
        }
      } catch (error) {
        unclear.push({ check: check.id, says: (error as Error).message });
      }
    }
  }
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return {
    findings: [...findings.values()].sort((a, b) => rank(a) - rank(b)),
    notMeasured: [...notMeasured.values()],
    unclear,
  };
}

/** The variants that have a finished run on the data as written. */
export function subjectsOf(trace: Trace): Subject[] {
  const variants = new Map(resolveVariants(trace.spec).map((variant) => [variant.name, variant]));
  return trace.variants.flatMap((trained) => {
    const variant = variants.get(trained.name);
    const runs = trace.runs.filter((run) => run.variant === trained.name && run.dataSeed === 0);
    if (variant === undefined || runs.length === 0) return [];
    return [{ variant, trained, runs, blocks: blocksOf(variant.model, trained.inputs) }];
  });
}

/** What the check reads and no run has. */
function missingProbes({ reads }: Check, { runs }: Subject): Probe[] {
  return reads.filter((probe) => !runs.some((run) => isMeasured(run, probe)));
}
