// identifier-column: a column that numbers the rows. It names each row and describes none, so what a
// network learns from it cannot hold for new rows; in a file sorted by class it even gives the
// label away.

import { hasFeatures } from "../blocks.ts";
import { dropColumns } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";
import { columnsText } from "../text.ts";

/**
 * Fewest rows: n values drawn from 3n steps are all different with probability about exp(-n / 6),
 * 2e-4 at 50, so measurements are not taken for keys.
 */
const MIN_ROWS = 50;

export const identifierColumn = lintCheck({
  id: "identifier-column",
  title: "A column numbers the rows",
  reads: ["ladders", "inputs"],
  examine(variant, { ladders, inputs }) {
    if (!hasFeatures(variant.model)) return [];
    const found = ladders.filter(({ rows }) => rows >= MIN_ROWS);
    const varying = inputs.filter(({ low, high }) => low.value < high.value).length;
    // A table of nothing else is a grid on purpose, such as the x of a function.
    if (found.length === 0 || found.length === varying) return [];
    const names = found.map(({ column }) => column);
    return [
      {
        severity: "warning",
        where: columnsText(names),
        says: `${names.length === 1 ? `Column ${names[0]} numbers` : `Columns ${names.join(", ")} number`} the rows: evenly stepped and never twice the same, as a key is.`,
        evidence: found.map(
          ({ column, steps, rows }) => `${column}: ${rows} different values on ${steps} even steps`,
        ),
        interventions: [dropColumns(variant, names)],
      },
    ];
  },
});
