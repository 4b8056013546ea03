// What a case's fix reaches, where its file does not say it of these very rows.

import type { BenchmarkCase } from "./benchmark-case.ts";
import { withChanges } from "./case-spec.ts";
import { type Judge, judgedArms, judgedRows } from "./judged-arms.ts";
import { COUNTS_FROM, comparison, measured, rootsOf } from "./score-case.ts";
import type { TrainedArm } from "./train-arms.ts";

/**
 * The case with `checked` filled in: by the benchmark's own rule where its file has no check, and
 * only with what the fix reaches here where the file's rows were drawn by numbers that it does not
 * give.
 */
export async function checkCase(
  subject: BenchmarkCase,
  asIs: TrainedArm,
  judge: Judge,
  seeds: number,
): Promise<BenchmarkCase> {
  const { checked, fix } = subject;
  if (fix.length === 0 || (checked !== undefined && !hasOwnRows(subject))) return subject;
  const on = judgedRows(subject) === "training" ? "train" : "validation";
  const mended = withChanges(subject, fix);
  const judgedAlike = { ...mended, checked: { verdict: "", on } };
  const { asIs: withFix } = await judgedArms(judgedAlike, { asIs: {} }, judge, { seeds });
  // Rare classes hardly move the accuracy of all rows.
  const isImbalance = rootsOf(subject).includes("IMBALANCE");
  const by = isImbalance ? "balancedAccuracy" : "accuracy";
  const { effect, p } = comparison(asIs[by], withFix[by], by);
  const isLikely = effect >= COUNTS_FROM && p >= 0.01;
  const verdict = effect < COUNTS_FROM ? "no-effect" : isLikely ? "fix-likely" : "fix-proven";
  return {
    ...subject,
    checked: { on, verdict, ...checked, withFix: summary(withFix), asIs: summary(asIs) },
  };
}

/** Under every name that a yardstick may have: an arm is judged by one. */
function summary({ accuracy, loss }: TrainedArm) {
  const pair = (values: readonly number[]): [number, number] => {
    const { mean, sd } = measured(values);
    return [mean, sd];
  };
  return { accuracy: pair(accuracy), trainAccuracy: pair(accuracy), valLoss: pair(loss) };
}

/** Generators whose numbers a file does not pin: the rows here are of the same kind, not the same. */
const UNPINNED: ReadonlySet<string> = new Set([
  "gaussian_classes",
  "uniform_boxes",
  "threshold1d",
  "playground_xor",
  "playground_spiral",
  "ips12",
  "scaled_classification",
  "correlated_classification",
]);

function hasOwnRows({ data }: BenchmarkCase): boolean {
  const params = typeof data.params === "object" ? Object.keys(data.params) : [];
  return (
    UNPINNED.has(data.generator) ||
    params.some((name) => name.endsWith("_fraction")) ||
    data.labelNoise !== undefined ||
    data.labelFlip !== undefined
  );
}
