// label-range: labels that are numbers and are not 0 .. K - 1. Here classes are numbered by
// themselves; Keras takes a label for an index, and on a GPU reads past the outputs without a word
// (tensorflow#8484, #15962, keras#11786).

import { lintCheck } from "../lint-check.ts";

export const labelRange = lintCheck({
  id: "label-range",
  title: "Labels do not count from 0",
  reads: ["labels"],
  examine({ data, train }, { labels }) {
    if (data.labels === "indices") {
      const empty = labels.classes.filter((_, k) => labels.train[k] + labels.test[k] === 0);
      if (empty.length === 0) return [];
      return [
        {
          severity: "warning",
          where: "data.labels",
          says: `Labels are read as indices, and no row has the label ${empty.slice(0, 5).join(", ")}${empty.length > 5 ? `, and ${empty.length - 5} more` : ""}: the labels do not count from 0 without gaps.`,
          evidence: [
            `${labels.classes.length} indices up to the largest label, ${empty.length} of them without a row`,
          ],
          interventions: [
            {
              id: "number-classes",
              says: "number the classes 0, 1, 2, ... in sorted order",
              patch: { data: { labels: "names" } },
            },
          ],
        },
      ];
    }
    const numbers = labels.classes.map(Number);
    const areNumbers = numbers.every(Number.isFinite);
    if (!areNumbers || numbers.every((value, k) => value === k)) return [];
    return [
      {
        severity: "note",
        where: "data.source.labels",
        says: `Labels run from ${numbers[0]} to ${numbers[numbers.length - 1]}; they are numbered 0 to ${numbers.length - 1} here, but Keras would take them as they are, out of range for ${train.loss.name}.`,
        evidence: [
          `labels ${labels.classes.slice(0, 6).join(", ")}${numbers.length > 6 ? ", ..." : ""}`,
        ],
      },
    ];
  },
});
