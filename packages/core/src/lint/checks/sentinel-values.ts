// sentinel-values: one number far from all others, many times over, such as -999 for "not
// measured". As a number it sets the column's scale; standardized, everything else is squeezed
// into one point.

import { shortNumber } from "../../shared/number-text.ts";
import { mean, sampleSd } from "../../shared/statistics.ts";
import { isImputing, isScaling } from "../../spec/preprocess-steps.ts";
import { hasFeatures } from "../blocks.ts";
import { lintCheck, type Observation } from "../lint-check.ts";

/** How far the number stands off, in ranges of all the others; a real measurement has no such gap. */
const MIN_GAP = 3;
/** One cell may be a mistake in typing; that is what `outliers` is for. */
const MIN_COUNT = 2;
/** Above it the number is what the column mostly is: zero-inflated counts. */
const MAX_SHARE = 0.5;
/** So many values must be left for their range to mean something. */
const MIN_OTHERS = 10;
/**
 * Where fewer are left, as in a column of yes and no, the number must look like a code too: nothing
 * but nines, as survey code books have it (-9, 99, -999).
 */
const CODE = /^(-9+|99+)$/;

/**
 * A zero is what many meters and forms write where nothing was measured, and no range away from the
 * others. Told by all others being of one sign, this many of their standard deviations from it, and
 * thinning out on the way: a tenth of the others takes this many to come to an end. Counts, amounts
 * and what is cut off are densest at their end instead (a half-normal's tenth takes 0.2, a uniform's
 * 0.35, a normal's 1.5). Of the five columns of Pima's table that have 0 for no measurement two are told so.
 */
const MIN_ZERO_DEVIATIONS = 4;
const MIN_TAIL_DEVIATIONS = 0.75;

export const sentinelValues = lintCheck({
  id: "sentinel-values",
  title: "A number stands for a missing value",
  reads: ["inputs", "columns", "shape", "sorted"],
  examine(variant, { inputs, columns, shape, sorted }) {
    if (!hasFeatures(variant.model)) return [];
    // A step that is not linear hides the number that the table has.
    if (variant.data.preprocess.includes("signedLog")) return [];
    const seen = inputs.flatMap((input, j) =>
      (["low", "high"] as const).flatMap((end) => {
        const { value, count, next } = input[end];
        const others = end === "low" ? input.high.value - next : next - input.low.value;
        const written = end === "low" ? columns[j].min : columns[j].max;
        const gap = Math.abs(next - value) / others;
        if (count < MIN_COUNT || count > MAX_SHARE * shape.rows || !(others > 0)) return [];
        const { values } = sorted[j];
        const isVaried = new Set(values).size > MIN_OTHERS;
        const isFar = gap >= MIN_GAP && (isVaried || CODE.test(String(written)));
        if (!isFar && !(written === 0 && isVaried && isZeroApart(values, value))) return [];
        return [{ name: input.name, value: written, count, gap }];
      }),
    );
    if (seen.length === 0) return [];
    const values = [...new Set(seen.map(({ value }) => value))];
    const declared = [...(variant.data.missingValues ?? []), ...values];
    const steps = variant.data.preprocess.filter((step) => !isImputing(step));
    const observation: Observation = {
      severity: "warning",
      where: seen.length === 1 ? `column ${seen[0].name}` : `${seen.length} columns`,
      says: `${values.map((value) => shortNumber(value)).join(" and ")} stands far from every other value in ${seen.length === 1 ? `column ${seen[0].name}` : `${seen.length} columns`} and returns many times: a code for "missing" that is trained on as a number.`,
      evidence: seen
        .slice(0, 10)
        .map(
          ({ name, value, count, gap }) =>
            `${name}: ${count} cells are ${shortNumber(value)}, ${shortNumber(gap)} times the range of all others away (limit ${MIN_GAP}${value === 0 ? `, or ${MIN_ZERO_DEVIATIONS} of their standard deviations for a zero` : ""})`,
        ),
      interventions: [
        {
          id: "declare-missing",
          says: `read ${values.map((value) => shortNumber(value)).join(" and ")} as missing, fill in the median and standardize`,
          patch: {
            data: {
              missingValues: declared,
              preprocess: [
                "imputeMedian",
                ...steps.filter((step) => !isScaling(step)),
                "standardize",
              ],
            },
          },
        },
      ],
    };
    return [observation];
  },
});

/** @param zero What the table's zeros are after preprocessing: an end of the column. */
function isZeroApart(values: Float64Array, zero: number): boolean {
  const others = values.filter((value) => value !== zero);
  const [low, high] = [others[0], others[others.length - 1]];
  const tenth = Math.floor(others.length / 10);
  const [end, inner] =
    zero < low ? [low, others[tenth]] : [high, others[others.length - 1 - tenth]];
  const sd = sampleSd([...others]);
  return (
    Math.abs(mean([...others]) - zero) >= MIN_ZERO_DEVIATIONS * sd &&
    Math.abs(inner - end) >= MIN_TAIL_DEVIATIONS * sd
  );
}
