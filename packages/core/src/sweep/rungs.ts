// Successive halving (Jamieson and Talwalkar, AISTATS 2016) with the cuts of Hyperband as Weights &
// Biases has them: after so many epochs one of eta trials goes on. Trials are compared within their
// chunk, which trains as one population, so who is cut does not depend on who trains what where.

import type { Rungs } from "./sweep.ts";

/**
 * The epochs of the cuts, ascending, each below `epochs`.
 *
 * @param trials Of the chunk.
 * @param epochs Of its longest training.
 */
export function cutsOf(rungs: Rungs, trials: number, epochs: number): number[] {
  const { eta } = rungs;
  const cuts: number[] = [];
  switch (rungs.kind) {
    case "from":
      for (let cut = rungs.minEpochs; cut < epochs; cut *= eta) cuts.push(Math.round(cut));
      break;
    case "below":
      for (let k = 1; k <= rungs.brackets; k++) cuts.push(Math.round(rungs.maxEpochs / eta ** k));
      break;
    case "halving":
      // As many as leave one of them.
      for (let k = 1; eta ** k <= trials * (1 + ROUNDING); k++) {
        cuts.push(Math.round(epochs / eta ** k));
      }
      break;
  }
  const inside = cuts.filter((cut) => cut >= 1 && cut < epochs);
  return [...new Set(inside)].sort((a, b) => a - b);
}

/** eta ** k of a fraction is not exact. */
const ROUNDING = 1e-9;

/** How many of so many trials go on. */
export function kept(trials: number, eta: number): number {
  return Math.ceil(trials / eta - ROUNDING);
}
