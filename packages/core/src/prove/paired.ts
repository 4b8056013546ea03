// Two arms on the same seeds, pair by pair. Initial weights and batches are shared within a pair, so
// the difference is the change's, and its spread is what the seeds do to it.

import { incompleteBeta } from "../shared/incomplete-beta.ts";
import { type Interval, mean, meanInterval, sampleSd } from "../shared/statistics.ts";

export interface PairedDifference {
  readonly n: number;
  /** Mean of the differences, treated minus baseline. */
  readonly effect: number;
  /** 95%, Student t over the differences; undefined for n < 2. */
  readonly interval: Interval | undefined;
  /**
   * Two-sided. The smaller of two tests, times two: of the mean (exact sign-flip test) and of how
   * often an arm fails (exact McNemar test), because failure is often a matter of luck and a mean
   * over few seeds does not see that. The second speaks only for the side that the mean is on. 1 where
   * nothing differs.
   */
  readonly p: number;
}

/**
 * @param treated One value per pair, larger is better.
 * @param failed Whether each run of each arm failed.
 */
export function pairedDifference(
  treated: readonly number[],
  baseline: readonly number[],
  failed: { readonly treated: readonly boolean[]; readonly baseline: readonly boolean[] },
): PairedDifference {
  const differences = treated.map((value, i) => value - baseline[i]);
  const effect = mean(differences);
  const mended = failed.baseline.filter((was, i) => was && !failed.treated[i]).length;
  const broken = failed.baseline.filter((was, i) => !was && failed.treated[i]).length;
  const agrees = effect >= 0 === mended >= broken;
  const p = Math.min(signFlipP(differences), agrees ? mcNemarP(mended, broken) : 1);
  return {
    n: differences.length,
    effect,
    interval: meanInterval(differences),
    p: Math.min(1, 2 * p),
  };
}

/** Up to here all sign patterns are counted: 65,536 sums. */
const MAX_EXACT = 16;

/**
 * Fisher's randomization test of paired differences: the share of the 2^n ways to flip their signs
 * whose sum is at least as far from 0 (Fisher, The Design of Experiments, 1935, section 21). Beyond
 * 16 pairs the t distribution, which it approaches.
 */
export function signFlipP(differences: readonly number[]): number {
  const n = differences.length;
  const total = differences.reduce((sum, value) => sum + value, 0);
  if (n === 0 || differences.every((value) => value === 0)) return 1;
  if (n > MAX_EXACT) return studentP(differences);
  // Rounding must not tell equal sums apart.
  const limit = Math.abs(total) * (1 - 1e-12);
  let extreme = 0;
  const patterns = 2 ** n;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (pattern >> i) & 1 ? differences[i] : -differences[i];
    if (Math.abs(sum) >= limit) extreme++;
  }
  return extreme / patterns;
}

/** P(|T| >= t) = I_x(df / 2, 1 / 2), x = df / (df + t^2) (Abramowitz and Stegun 26.5.27). */
function studentP(differences: readonly number[]): number {
  const sd = sampleSd(differences);
  if (sd === 0) return 0;
  const df = differences.length - 1;
  const t = mean(differences) / (sd / Math.sqrt(differences.length));
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** Exact two-sided McNemar test: of b + c discordant pairs, b fell on one side. */
export function mcNemarP(b: number, c: number): number {
  const n = b + c;
  if (n === 0) return 1;
  const k = Math.min(b, c);
  // P(Bin(n, 1/2) <= k) = I_{1/2}(n - k, k + 1) (DLMF 8.17.5).
  return Math.min(1, 2 * incompleteBeta(0.5, n - k, k + 1));
}

/** Holm's correction (Scandinavian Journal of Statistics 6, 1979): adjusted p, in the given order. */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a] - ps[b]);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((index, i) => {
    largest = Math.max(largest, Math.min(1, ps[index] * (ps.length - i)));
    adjusted[index] = largest;
  });
  return adjusted;
}
