// unscaled-features: what enters the network is far from unit scale, far from 0, or its columns are
// of very different size. Glorot's initial weights assume inputs of variance about 1 (Glorot and
// Bengio, AISTATS 2010); otherwise the largest column decides the pre-activations and the step.

import { shortNumber } from "../../shared/number-text.ts";
import { standardize } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/**
 * Root mean square of a column. The healthy networks of the published benchmark take up to 14 (raw
 * counts), its faulty ones have 66 and more; AUTOTRAINER's limit for layer outputs is 10.
 */
const MAX_RMS = 20;
/** Below it the first layer sees next to nothing: the mirror image of the limit above. */
const MIN_RMS = 1 / MAX_RMS;
/** Ratio of column spreads: two orders of magnitude, as one learning rate must serve both. */
const MAX_SPREAD_RATIO = 100;
/** A column so far off in its own spreads is mostly a second bias (LeCun et al. 1998, section 4.3). */
const MAX_OFFSET = 10;
/** Where the offset is that small, the true bias outweighs it. */
const MIN_OFFSET_RMS = 5;

export const unscaledFeatures = lintCheck({
  id: "unscaled-features",
  title: "Features reach the network far from unit scale",
  reads: ["inputs", "sorted"],
  examine(variant, { inputs, sorted }) {
    // Tokens are names, whatever their numbers.
    if (variant.model.layers.some(({ type }) => type === "embedding")) return [];
    const columns = inputs.filter(({ sd, rms }) => sd > 1e-6 * rms);
    if (columns.length === 0) return [];
    const largest = inputs.reduce((a, b) => (b.rms > a.rms ? b : a));
    const evidence: string[] = [];
    const says: string[] = [];
    const outOf = (text: string, limit: number) => `${text} (limit ${limit})`;
    if (largest.rms > MAX_RMS || largest.rms < MIN_RMS) {
      const limit = largest.rms > MAX_RMS ? MAX_RMS : MIN_RMS;
      says.push(
        `the largest column, ${largest.name}, has root mean square ${shortNumber(largest.rms)}`,
      );
      evidence.push(
        outOf(`root mean square of ${largest.name} = ${shortNumber(largest.rms)}`, limit),
      );
    }
    // Flags and columns that are nearly constant are narrow without being on another scale.
    const spread = columns.filter(
      ({ name }) =>
        new Set(sorted[inputs.findIndex((input) => input.name === name)].values).size > 2,
    );
    const bySpread = [...spread].sort((a, b) => a.sd - b.sd);
    const [narrow, wide] = [bySpread[0], bySpread[bySpread.length - 1]];
    if (spread.length > 1 && wide.sd / narrow.sd > MAX_SPREAD_RATIO) {
      const ratio = shortNumber(wide.sd / narrow.sd);
      says.push(`${wide.name} spreads ${ratio} times as wide as ${narrow.name}`);
      evidence.push(
        outOf(`sd of ${wide.name} / sd of ${narrow.name} = ${ratio}`, MAX_SPREAD_RATIO),
      );
    }
    const offset = (column: (typeof columns)[number]) => Math.abs(column.mean) / column.sd;
    const shifted = columns.filter((column) => column.rms >= MIN_OFFSET_RMS);
    const furthest = shifted.reduce<(typeof columns)[number] | undefined>(
      (a, b) => (a === undefined || offset(b) > offset(a) ? b : a),
      undefined,
    );
    if (furthest !== undefined && offset(furthest) > MAX_OFFSET) {
      says.push(`${furthest.name} lies ${shortNumber(offset(furthest))} of its spreads from 0`);
      evidence.push(
        outOf(`|mean| / sd of ${furthest.name} = ${shortNumber(offset(furthest))}`, MAX_OFFSET),
      );
    }
    if (evidence.length === 0) return [];
    return [
      {
        severity: "warning",
        where: "data.preprocess",
        says: `Features reach the network unscaled: ${says.join("; ")}.`,
        evidence,
        interventions: [standardize(variant)],
      },
    ];
  },
});
