// outliers: a few extreme values hold almost all of a column's spread, so that after scaling the
// bulk of the rows is one point to the network.

import { shortNumber } from "../../shared/number-text.ts";
import { sortedQuantile } from "../../shared/statistics.ts";
import { isImputing } from "../../spec/preprocess-steps.ts";
import { hasFeatures } from "../blocks.ts";
import { lintCheck } from "../lint-check.ts";
import { columnsText } from "../text.ts";

/**
 * Standard deviation over that of a normal column with the same quartiles: 1 when normal, 2.4 for
 * the most skewed column of breast-cancer, 90 when log-normal with sigma 3. At 10, standardizing
 * leaves the middle half of the rows within 0.07 of its middle.
 */
const MAX_RATIO = 10;
/** Distance of a normal distribution's quartiles, in standard deviations. */
const NORMAL_QUARTILES = 1.349;
/** Quartiles of fewer rows mean little. */
const MIN_ROWS = 30;

export const outliers = lintCheck({
  id: "outliers",
  title: "A few extreme values hold almost all of a column's spread",
  reads: ["inputs", "sorted"],
  examine(variant, { inputs, sorted }) {
    if (!hasFeatures(variant.model)) return [];
    const heavy = inputs.flatMap(({ name, low, high }, j) => {
      const values = withoutMass(sorted[j].values);
      const quartiles = sortedQuantile(values, 0.75) - sortedQuantile(values, 0.25);
      if (values.length < MIN_ROWS || !(quartiles > 0)) return [];
      const ratio = (spread(values) * NORMAL_QUARTILES) / quartiles;
      return ratio > MAX_RATIO ? [{ name, ratio, low: low.value, high: high.value }] : [];
    });
    if (heavy.length === 0) return [];
    const names = heavy.map(({ name }) => name);
    const others = variant.data.preprocess.filter((step) => isImputing(step));
    return [
      {
        severity: "warning",
        where: columnsText(names),
        says: `A few extreme values hold almost all the spread of ${columnsText(names)}; scaled by it, the other rows are nearly one point.`,
        evidence: heavy
          .slice(0, 10)
          .map(
            ({ name, ratio, low, high }) =>
              `${name}: sd is ${shortNumber(ratio)} times that of its quartiles (limit ${MAX_RATIO}), from ${shortNumber(low)} to ${shortNumber(high)}`,
          ),
        interventions: [
          {
            id: "signed-log",
            says: "take sign(x) log(1 + |x|), then standardize",
            patch: { data: { preprocess: [...others, "signedLog", "standardize"] } },
          },
        ],
      },
    ];
  },
});

/**
 * Without the value that a quarter of the rows or more have: the zeros of a count, or what missing
 * cells were filled with. Around it quartiles say nothing about the rest.
 */
function withoutMass(ascending: Float64Array): Float64Array {
  for (let first = 0; first < ascending.length; ) {
    let end = first + 1;
    while (end < ascending.length && ascending[end] === ascending[first]) end++;
    if (4 * (end - first) >= ascending.length) {
      const mass = ascending[first];
      return ascending.filter((value) => value !== mass);
    }
    first = end;
  }
  return ascending;
}

function spread(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
