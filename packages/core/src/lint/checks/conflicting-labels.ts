// conflicting-labels: rows that are equal in every column and have different labels. No network can
// be right about all of them; what is left over is the accuracy that can be reached.

import { percent } from "../../shared/number-text.ts";
import { lintCheck } from "../lint-check.ts";
import { rowsText } from "../text.ts";

/** Share of rows that must be wrong, above which it is no longer a footnote: one in ten. */
const WARNING_SHARE = 0.1;

export const conflictingLabels = lintCheck({
  id: "conflicting-labels",
  title: "Equal rows have different labels",
  reads: ["conflicts", "shape"],
  examine(_variant, { conflicts, shape }) {
    // Where all rows are equal, constant-column says so.
    if (conflicts.unavoidable === 0 || conflicts.distinct === 1) return [];
    const share = conflicts.unavoidable / shape.rows;
    return [
      {
        severity: share >= WARNING_SHARE ? "warning" : "note",
        where: "data",
        says: `${rowsText(conflicts.rows)} equal another row and differ from it in their label, so no network can be right about more than ${percent(1 - share)} of the training part.`,
        evidence: [
          `${conflicts.unavoidable} of ${rowsText(shape.rows)} must be wrong (${percent(share)})`,
          `${conflicts.distinct} different rows among ${shape.rows}`,
        ],
      },
    ];
  },
});
