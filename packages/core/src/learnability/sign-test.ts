import { incompleteBeta } from "../shared/incomplete-beta.ts";

/** Two-sided p of so many against so many, if either were as likely; P(Bin(n, 1/2) <= k) = I_{1/2}(n - k, k + 1). */
export function signTest(won: number, lost: number): number {
  const [n, fewer] = [won + lost, Math.min(won, lost)];
  return 2 * fewer === n ? 1 : Math.min(1, 2 * incompleteBeta(0.5, n - fewer, fewer + 1));
}
