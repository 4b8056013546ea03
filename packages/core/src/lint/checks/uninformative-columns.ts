// uninformative-columns: most columns tell nothing of the label, and there are so few rows that the
// network learns them by heart all the same.

import { dropColumns } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Of the largest of three tests: about 2% of columns that tell nothing pass it. */
const MIN_Z = 2.5;
/** One column at least must tell it beyond chance: 1 in 300 tables of 100 columns has one so high. */
const CERTAIN_Z = 4;
/** Of all columns that vary. */
const MIN_SHARE = 0.5;
/** Ten rows for each thing that is fitted (Peduzzi et al. 1996) is where chance stops to pay. */
const MAX_ROWS_PER_COLUMN = 10;
/** Fewer do no harm that a network could not undo. */
const MIN_COLUMNS = 5;

export const uninformativeColumns = lintCheck({
  id: "uninformative-columns",
  title: "Most columns tell nothing of the label",
  reads: ["informed", "inputs", "shape"],
  examine(variant, { informed, inputs, shape }) {
    const varying = informed.filter((_, j) => inputs[j].low.value !== inputs[j].high.value);
    const idle = varying.filter(({ z }) => z < MIN_Z);
    const strongest = Math.max(0, ...varying.map(({ z }) => z));
    const rowsPerColumn = shape.rows / varying.length;
    if (idle.length < MIN_COLUMNS || idle.length < MIN_SHARE * varying.length) return [];
    if (rowsPerColumn >= MAX_ROWS_PER_COLUMN || strongest < CERTAIN_Z) return [];
    const names = idle.map(({ column }) => column);
    return [
      {
        severity: "warning",
        where: "data",
        says: `${names.length} of ${varying.length} columns tell nothing of the label by themselves, and ${shape.rows} training rows are few enough to learn them by heart.`,
        evidence: [
          `training rows per column: ${rowsPerColumn.toPrecision(2)} (limit ${MAX_ROWS_PER_COLUMN})`,
          `columns without a visible relation to the label: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""} (largest of three tests z < ${MIN_Z}; the clearest column has ${strongest.toPrecision(3)})`,
        ],
        interventions: [dropColumns(variant, names)],
      },
    ];
  },
});
