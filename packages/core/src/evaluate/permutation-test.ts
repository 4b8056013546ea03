// The permutation test of two means: how often does dealing the values anew give such a difference?
// It sees what a test of ranks does not: a network that fails on a third of its seeds and is as good as
// any on the others.

import { RandomState } from "../dataset/numpy/random-state.ts";
import { mean } from "../shared/statistics.ts";

const DEALS = 10_000;
/** Equal values, equal p. */
const SEED = 0;

/** Two-sided p, by random deals, the given one counted in: never below 1 / 10,001. */
export function permutationP(a: readonly number[], b: readonly number[]): number {
  const all = Float64Array.from([...a, ...b]);
  const given = Math.abs(mean(a) - mean(b));
  const total = all.reduce((sum, value) => sum + value, 0);
  const random = new RandomState(SEED);
  let asLarge = 1;
  for (let deal = 0; deal < DEALS; deal++) {
    random.shuffle(all);
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += all[i];
    const difference = Math.abs(sum / a.length - (total - sum) / b.length);
    // Sums in another order differ by a rounding.
    if (difference >= given * (1 - 1e-9)) asLarge++;
  }
  return asLarge / (DEALS + 1);
}
