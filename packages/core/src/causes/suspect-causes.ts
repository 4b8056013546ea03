// Findings -> causes, the most likely first. A symptom is not a cause: several causes can explain
// one finding, and one cause several findings. What a cause weighs decides the order in which its
// changes are tried and, of two that are proved equally good, which is named first.

import { LINT_CHECKS } from "../lint/all-checks.ts";
import { factsOf } from "../lint/facts/facts.ts";
import type { Finding, Severity } from "../lint/finding.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";
import { CAUSES, type CauseId, type SuspectedCause } from "./cause.ts";
import type { Change } from "./change.ts";
import type { CauseContext } from "./context.ts";
import type { CauseRule } from "./rule.ts";
import { CAUSE_RULES } from "./rules.ts";
import { undoes } from "./undoes.ts";

export interface Suspect extends Omit<SuspectedCause, "interventions"> {
  readonly changes: readonly Change[];
}

/** What a finding adds to a cause that it speaks for; a note only breaks ties. */
const WEIGHT: Readonly<Record<Severity, number>> = { error: 6, warning: 3, note: 0.5 };

/** Every cause that has a change to try or a finding that speaks for it, heaviest first. */
export function suspectCauses(context: CauseContext): Suspect[] {
  return CAUSES.map((id) => suspect(id, CAUSE_RULES[id], context))
    .filter(({ weight, findings }) => weight > 0 || findings.length > 0)
    .sort((a, b) => b.weight - a.weight);
}

function suspect(id: CauseId, rule: CauseRule, context: CauseContext): Suspect {
  const speaking = context.findings.flatMap((finding) => {
    const share = shareOf(rule, finding, context);
    return share > 0 ? [{ finding, weight: share * WEIGHT[finding.severity] }] : [];
  });
  speaking.sort((a, b) => b.weight - a.weight);
  const [strongest] = speaking;
  // The strongest finding counts whole and the others add a little: they are seldom independent.
  const found = speaking.reduce((sum, { weight }, i) => sum + weight * (i === 0 ? 1 : 0.25), 0);
  const against = rule.against?.(context) ?? [];
  const weight = (found + (rule.prior?.(context) ?? 0)) * 0.5 ** against.length;
  const spoken = speaking.filter(({ weight }) => weight >= 1).map(({ finding }) => finding);
  return {
    id,
    where: strongest?.finding.where ?? rule.where,
    says: strongest?.finding.says ?? rule.says,
    weight,
    certain: spoken.some(
      ({ severity, id: check }) => severity !== "note" && rule.certain?.includes(check),
    ),
    findings: spoken.map((finding) => finding.id),
    evidence: spoken.flatMap(({ evidence }) => evidence),
    against,
    ruledOut: spoken.flatMap(({ ruledOut }) => ruledOut),
    changes: [
      ...speaking
        .flatMap(({ finding }) => changesOf(finding, context))
        .filter((change) => undoes(change.id, id)),
      ...(rule.changes?.(context) ?? []),
    ],
  };
}

/** How much of a finding's weight falls to a cause. */
function shareOf(rule: CauseRule, finding: Finding, context: CauseContext): number {
  const share = rule.findings[finding.id];
  return typeof share === "function" ? share(finding, context) : (share ?? 0);
}

/**
 * Whether a callback would choose by the rows on which the network is judged; `fewer-epochs` is what
 * it comes to without that.
 */
function watchesJudge({ train }: SpecPatch): boolean {
  return train !== undefined && ("earlyStopping" in train || "reduceOnPlateau" in train);
}

const LINT_IDS: ReadonlySet<string> = new Set(LINT_CHECKS.map(({ id }) => id));

/**
 * A finding's interventions as changes: a lint check is asked again about the variant that is to be
 * changed, so that its change fits what other changes have left.
 */
function changesOf(
  { id: check, where, interventions }: Finding,
  { dataset }: CauseContext,
): Change[] {
  if (!LINT_IDS.has(check)) {
    return interventions
      .filter(({ patch }) => !watchesJudge(patch))
      .map((intervention) => ({ id: intervention.id, make: () => intervention }));
  }
  const lintCheck = LINT_CHECKS.find(({ id }) => id === check)!;
  return interventions.map(({ id }) => ({
    id,
    make: (variant: Variant) =>
      lintCheck
        .examine(variant, factsOf(dataset))
        .filter((observation) => observation.where === where || lintCheck.reads.length > 0)
        .flatMap((observation) => observation.interventions ?? [])
        .find((intervention) => intervention.id === id),
  }));
}
