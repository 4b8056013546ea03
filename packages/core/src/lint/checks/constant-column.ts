// constant-column: a feature with one value on every training row. It carries nothing; a network
// can only use it as a second bias.

import type { LintCheck } from "../lint-check.ts";

export const constantColumn: LintCheck = {
  id: "constant-column",
  examine(variant, dataset) {
    return dataset.columns
      .filter((column) => column.min === column.max)
      .map((column) => ({
        id: "constant-column",
        severity: "warning",
        where: `${variant.name}: column ${column.name}`,
        says: `Column ${column.name} is ${column.min} on all ${dataset.train.rows} training rows.`,
        evidence: [`minimum = maximum = ${column.min}`],
        ruledOut: [],
        interventions: ["drop the column"],
      }));
  },
};
