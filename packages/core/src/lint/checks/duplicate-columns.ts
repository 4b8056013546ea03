// duplicate-columns: columns that are another one times a number plus a number. They add weights
// and no information, and the network sees that feature with more than its share.

import { hasFeatures } from "../blocks.ts";
import { dropColumns } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";
import { columnsText } from "../text.ts";

export const duplicateColumns = lintCheck({
  id: "duplicate-columns",
  title: "Columns repeat another one",
  reads: ["correlation"],
  examine(variant, { correlation }) {
    if (!hasFeatures(variant.model)) return [];
    if (correlation === null || correlation.copies.length === 0) return [];
    const names = correlation.copies.map(({ column }) => column);
    return [
      {
        severity: "note",
        where: columnsText(names),
        says: `${names.length === 1 ? `Column ${names[0]} repeats` : `${names.length} columns repeat`} another column, up to scale and offset.`,
        evidence: correlation.copies
          .slice(0, 10)
          .map(({ column, of, r }) => `${column} repeats ${of}: r = ${r.toFixed(4)}`),
        interventions: [dropColumns(variant, names)],
      },
    ];
  },
});
