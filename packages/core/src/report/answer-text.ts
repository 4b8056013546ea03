// The answer in one paragraph, and why what was suspected is not named.

import { isProved } from "../prove/judge.ts";
import { outcomeOf, reachedBy } from "../prove/outcome.ts";
import type { JudgedOn, Proof } from "../prove/proof.ts";
import { intervalNumbers, percent, withMinus } from "../shared/number-text.ts";
import type { DiagnosisMaterial } from "./diagnosis-material.ts";
import type { DismissedCause, NamedCause, Outcome, Prescription } from "./diagnosis-report.ts";
import { signed } from "./summary-text.ts";

export function answerText(
  material: DiagnosisMaterial,
  outcome: Outcome,
  causes: readonly NamedCause[],
  prescription: Prescription | null,
): string {
  const { situation, proved, repair } = material;
  const { before, judging, learnable } = situation;
  const outcomes = before.runs.map((run) => outcomeOf(run, judging));
  const accuracy = reachedBy(before, judging);
  const rows = judging === "test" ? "test rows" : "training rows";
  const reached =
    repair === undefined
      ? `it is right in ${percent(accuracy)} of the ${rows}`
      : `it cannot be trained, which a change of its labels or its head mends; then it is right in ${percent(accuracy)} of the ${rows}`;
  const failed = outcomes.filter((each) => each.failed).length;
  const failing =
    failed === 0
      ? ""
      : `, and in ${failed} of ${outcomes.length} seeds no better than a constant answer`;
  switch (outcome) {
    case "healthy":
      if (proved !== undefined)
        return harmlessText(material, `${reached} (${outcomes.length} seeds)`);
      return `Nothing that was looked at is wrong: ${reached} (${outcomes.length} seeds).`;
    case "no-signal":
      return `The features do not tell the labels: ${reached}, a constant answer in ${percent(before.runs[0].chance.valAccuracy ?? before.runs[0].chance.accuracy)}, and the best simple method in ${percent(learnable.best.accuracy)} of held-out rows. No architecture, no learning rate and no longer training can help; other features can.`;
    case "fixed":
    case "helped": {
      const { proof, says } = prescription!;
      const verb = outcome === "fixed" ? "fixes it" : "helps, and does not suffice";
      return `${causes[0]?.says ?? "It does badly."} As it stands ${reached}${failing}. To ${says} ${verb}: ${gainText(proof)}, on ${rowsText(proof, judging)}${splitsText(prescription!)}.`;
    }
    case "unfixable":
      if (proved === undefined) {
        return `${causes[0].says} The network does as well as simple methods on these rows all the same: ${reached}${failing}.`;
      }
      return `${causes[0].says} As it stands ${reached}${failing}; of ${proved?.proofs.length ?? 0} changes that were tried none is proved to help.`;
    case "unexplained":
      return `Nothing explains it: ${reached}${failing}; ${learnable.best.name} is right in ${percent(learnable.best.accuracy)} of held-out rows. No change that was tried is proved to help.`;
  }
}

/** Of a network that does well though something about it looks odd. */
function harmlessText({ situation, proved }: DiagnosisMaterial, reached: string): string {
  const odd = situation.findings.filter(({ severity }) => severity !== "note");
  const tried = new Set(proved!.proofs.map(({ intervention }) => intervention)).size;
  const names = [...new Set(odd.map(({ id }) => id))].join(", ");
  const what =
    names === ""
      ? "Nothing that was looked at is wrong"
      : `What looks odd (${names}) costs nothing that ${tried} changes could win back`;
  return `${what}: ${reached}.`;
}

/** What other splits say, where they say something else than the split as written. */
function splitsText({ overSplits }: Prescription): string {
  if (overSplits === null) return "";
  const text = gainText(overSplits).replace(/seeds$/, "pairs");
  return isProved(overSplits)
    ? `; over other splits of the rows ${text}`
    : `; over other splits of the rows it does not hold for certain (${text})`;
}

function rowsText({ on, patch }: Proof, judging: JudgedOn): string {
  if (patch.data?.split !== undefined) return "test parts of their own, because the split changes";
  if (on === "test") return "the untouched test part";
  if (on === "validation") return "held-out folds";
  return judging === "training"
    ? "the training rows, for lack of a test part"
    : "the training rows; these are too few to tell others by";
}

export function dismissedCauses(
  { situation, proved }: DiagnosisMaterial,
  causes: readonly NamedCause[],
): DismissedCause[] {
  const named = new Set(causes.map(({ id }) => id));
  return situation.suspects
    .filter(({ id, findings }) => !named.has(id) && findings.length > 0)
    .map(({ id, findings, changes }) => {
      const ids = new Set(changes.map((change) => change.id));
      const leftOut = proved?.ablation.find(({ cause }) => cause === id);
      if (leftOut !== undefined) return { id, findings, why: notMissedText(leftOut) };
      const proof = proved?.proofs.find(({ intervention }) => ids.has(intervention));
      return { id, findings, why: whyNot(proof, changes.length > 0) };
    });
}

function whyNot(proof: Proof | undefined, hasChange: boolean): string {
  if (!hasChange) return "No change that a spec can make would show it.";
  if (proof === undefined) return "Its change was not tried.";
  const { intervention, verdict } = proof;
  if (isProved(proof))
    return `${intervention} helps too (${gainText(proof)}), and is not needed beside what is prescribed.`;
  const word = { "no-effect": "has no effect", harms: "harms", undecided: "shows no clear effect" };
  return `${intervention} ${word[verdict as keyof typeof word]} (${gainText(proof)}).`;
}

function notMissedText(leftOut: Proof): string {
  return `${leftOut.intervention} is prescribed with the rest, and by itself it adds nothing that is sure (${gainText(leftOut)}).`;
}

/** "+0.12, 95% 0.10 to 0.14, 16 seeds" */
function gainText({ effect, ci95, n, metric }: Proof): string {
  if (effect === null) return "not measured";
  const [low, high] = ci95 ?? [effect, effect];
  const [size, ...ends] = intervalNumbers(effect, low, high);
  const name = metric === "balancedAccuracy" ? "balanced accuracy" : metric;
  return `${name} ${signed(size)}, 95% ${ends.map(withMinus).join(" to ")}, ${n} ${n === 1 ? "seed" : "seeds"}`;
}
