// Steps for columns whose numbers are names: codes of categories.

import { columnwise, type Fit, UnfitColumns } from "./fitted-step.ts";

/** More values give more columns than a table has rows for. */
const MOST_LEVELS = 256;

/**
 * A 0/1 column for each value in sorted order, all zeros for a value that the fit did not see, and
 * missing for a missing one (scikit-learn's OneHotEncoder, handle_unknown="ignore").
 */
export function oneHot({ dropFirst }: { readonly dropFirst: boolean }): Fit {
  return ({ names, present }) => {
    const outputs: { name: string; column: number; level: number }[] = [];
    names.forEach((name, column) => {
      const levels = levelsOf(present(column));
      if (levels.length > MOST_LEVELS) {
        throw new UnfitColumns(
          `oneHot gives a column for each value, and column "${name}" has ${levels.length}; name the columns that hold categories`,
        );
      }
      const told = dropFirst && levels.length > 1 ? levels.slice(1) : levels;
      for (const level of told) outputs.push({ name: `${name}=${level}`, column, level });
    });
    return {
      outputs: outputs.map(({ name }) => ({ name })),
      apply(row, out) {
        outputs.forEach(({ column, level }, k) => {
          const value = row[column];
          out[k] = Number.isNaN(value) ? Number.NaN : Number(value === level);
        });
      },
    };
  };
}

/**
 * The place of a value among those of the fit in sorted order, -1 for another one (scikit-learn's
 * OrdinalEncoder with handle_unknown="use_encoded_value", unknown_value=-1).
 */
export const ordinal: Fit = columnwise((present) => {
  const places = new Map(levelsOf(present).map((level, place) => [level, place]));
  return (value) => (Number.isNaN(value) ? value : (places.get(value) ?? -1));
});

function levelsOf(present: Float64Array): number[] {
  return [...new Set(present)].sort((a, b) => a - b);
}
