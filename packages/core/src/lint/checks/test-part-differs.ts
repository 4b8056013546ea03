// test-part-differs: the test rows lie on another scale than the training rows, as when a scaler was
// applied to one part only. Whatever was learned, it is asked about numbers it has never seen.

import { shortNumber } from "../../shared/number-text.ts";
import type { Spread } from "../facts/spreads.ts";
import { lintCheck } from "../lint-check.ts";
import { rowsText } from "../text.ts";

/** Test values that no training value comes up to; of parts drawn at random some 2 in 100 are. */
const MAX_OUTSIDE = 0.5;
/** All test values against the middle half of the training values, where the test part shrank. */
const MIN_RANGE = 0.1;
/** Of all columns; a single one may be a date or a row number. */
const MIN_SHARE = 0.5;
/** Half of fewer test rows may lie outside by chance. */
const MIN_TEST_ROWS = 20;

export const testPartDiffers = lintCheck({
  id: "test-part-differs",
  title: "The test rows lie on another scale than the training rows",
  reads: ["spreads", "shape"],
  examine(_, { spreads, shape }) {
    if (shape.testRows < MIN_TEST_ROWS) return [];
    const apart = spreads.filter(({ train, test, outside }) => {
      const shrank = test[3] - test[0] < MIN_RANGE * (train[2] - train[1]);
      return train[3] > train[0] && (outside > MAX_OUTSIDE || shrank);
    });
    if (apart.length === 0 || apart.length < MIN_SHARE * spreads.length) return [];
    const text = ([low, , , high]: Spread) => `${shortNumber(low)} to ${shortNumber(high)}`;
    return [
      {
        severity: "error",
        where: "data",
        says: `In ${apart.length} of ${spreads.length} columns the test rows lie on another scale than the training rows; prepare both parts alike, with what was fitted on the training part.`,
        evidence: apart
          .slice(0, 5)
          .map(
            ({ column, train, test }) =>
              `${column}: ${text(train)} in training, ${text(test)} in ${rowsText(shape.testRows)} of the test part`,
          ),
      },
    ];
  },
});
