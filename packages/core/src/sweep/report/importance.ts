// How much a parameter matters alone: the share of the variance of the trials' places that its value
// explains. That is the first-order index of a sensitivity analysis, Var(E[Y | X]) / Var(Y) (Sobol,
// Mathematical Modelling and Computational Experiments 1, 1993; Saltelli et al., Global Sensitivity
// Analysis, 2008, section 1.2), of hyperparameters the main effect of Hutter, Hoos and Leyton-Brown's
// functional ANOVA (ICML 2014), estimated without a model: by one analysis of variance per parameter.
//
// It does not see what two parameters do together and neither does alone, and parameters that vary
// together share what they do. docs/sweeps.md says what follows from that.

import { incompleteBeta } from "../../shared/incomplete-beta.ts";
import { mean } from "../../shared/statistics.ts";
import type { Importance } from "./sweep-report.ts";

/**
 * Epsilon squared, 1 - (SSW / (n - k)) / (SST / (n - 1)) (Kelley, PNAS 21, 1935): the plain share
 * SSB / SST grows with the number of levels where nothing is explained, this one stays about 0. Below
 * 0 it is 0.
 *
 * The chance is that of the F test, P(SSB / SST >= the one seen), with SSB / SST distributed as
 * Beta((k - 1) / 2, (n - k) / 2); on ranks it is close to the Kruskal-Wallis test (Conover and Iman,
 * The American Statistician 35, 1981).
 *
 * @param levels The places of the trials of each level, none empty.
 * @returns Null with fewer than two levels, no level with two trials, or equal places.
 */
export function importanceOf(levels: readonly (readonly number[])[]): Importance | null {
  const all = levels.flat();
  const [n, k] = [all.length, levels.length];
  if (k < 2 || n <= k || all.every((place) => place === all[0])) return null;
  const total = squares(all);
  const within = levels.reduce((sum, level) => sum + squares(level), 0);
  const share = 1 - within / (n - k) / (total / (n - 1));
  const explained = Math.min(1, Math.max(0, 1 - within / total));
  return {
    share: Math.max(0, share),
    chance: 1 - incompleteBeta(explained, (k - 1) / 2, (n - k) / 2),
  };
}

/** Squared distances from the mean. */
function squares(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0);
}
