// The Mann-Whitney test: do two samples come from one distribution, or does one tend to be larger?

import { normalDistribution } from "../engine/reference/activation.ts";

/**
 * Two-sided p, by the normal approximation with the correction for ties and for continuity: what
 * SciPy's `mannwhitneyu(method="asymptotic")` gives. 1 where all values are equal.
 */
export function mannWhitneyP(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b].sort((x, y) => x - y);
  const n = all.length;
  const ranks = new Map<number, number>();
  let tied = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    while (end < n && all[end] === all[start]) end++;
    const count = end - start;
    ranks.set(all[start], (start + 1 + end) / 2);
    tied += count ** 3 - count;
    start = end;
  }
  const u = a.reduce((sum, value) => sum + ranks.get(value)!, 0) - (a.length * (a.length + 1)) / 2;
  const variance = ((a.length * b.length) / 12) * (n + 1 - tied / (n * (n - 1)));
  if (variance <= 0) return 1;
  const center = (a.length * b.length) / 2;
  const z = Math.max(0, Math.abs(u - center) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * normalDistribution(-z));
}
