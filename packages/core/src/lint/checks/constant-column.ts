// constant-column: a feature with one value on every training row. It carries nothing; a network
// can only use it as a second bias. Where all are constant there is nothing to learn from.

import { shortNumber } from "../../shared/number-text.ts";
import { hasFeatures } from "../blocks.ts";
import { dropColumns } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";
import { columnsText } from "../text.ts";

export const constantColumn = lintCheck({
  id: "constant-column",
  title: "A column has one value on every training row",
  reads: ["columns", "inputs", "shape"],
  examine(variant, { columns, inputs, shape }) {
    if (!hasFeatures(variant.model)) return [];
    // Also what preprocessing made constant, such as whole numbers of a division.
    const constant = columns.filter(
      ({ missing }, j) => missing < shape.rows && inputs[j].low.value === inputs[j].high.value,
    );
    if (constant.length === 0) return [];
    const names = constant.map(({ name }) => name);
    const evidence = constant
      .slice(0, 10)
      .map(
        ({ name, min, max }) => `${name}: minimum ${shortNumber(min)}, maximum ${shortNumber(max)}`,
      );
    if (constant.length === columns.length) {
      return [
        {
          severity: "error",
          where: "data",
          says: `Every column has one value on all ${shape.rows} training rows, so every row looks the same to the network.`,
          evidence,
        },
      ];
    }
    return [
      {
        severity: "note",
        where: columnsText(names),
        says: `${names.length === 1 ? `Column ${names[0]} has` : `${names.length} columns have`} one value on all ${shape.rows} training rows and can tell nothing.`,
        evidence,
        interventions: [dropColumns(variant, names)],
      },
    ];
  },
});
