// too-few-rows: so few rows, in a class or against the number of weights, that a network can learn
// them by heart and show nothing about new ones.

import { networkOf } from "../../compile/compile.ts";
import { MIN_CLASS_ROWS } from "../../dataset/rows-per-class.ts";
import { lintCheck, type Observation } from "../lint-check.ts";
import { rowsText } from "../text.ts";

/**
 * Weights per row. Networks with tens of weights per row generalise as a rule (Zhang et al., ICLR
 * 2017), so this is only a note, and only where the row count is beyond hope.
 */
const MAX_PARAMETERS_PER_ROW = 100;

export const tooFewRows = lintCheck({
  id: "too-few-rows",
  title: "Too few rows per class or per weight",
  reads: ["labels", "shape", "conflicts", "sorted"],
  examine(variant, { labels, shape, conflicts, sorted }) {
    const seen: Observation[] = [];
    const small = labels.classes.filter(
      (_, k) => labels.train[k] > 0 && labels.train[k] < MIN_CLASS_ROWS,
    );
    // Every combination of the values is there, as in a truth table: nothing is left to be seen.
    const combinations = sorted.reduce((product, { values }) => product * new Set(values).size, 1);
    const isComplete = shape.testRows === 0 && conflicts.distinct === combinations;
    if (small.length > 0 && !isComplete) {
      const least = Math.min(...labels.train.filter((count) => count > 0));
      seen.push({
        severity: shape.testRows > 0 ? "warning" : "note",
        where: "data",
        says: `${small.length === 1 ? `Class ${small[0]} has` : `${small.length} of ${shape.classes} classes have`} fewer than ${MIN_CLASS_ROWS} training rows: enough to memorise, too few to learn from.`,
        evidence: [
          `smallest class: ${rowsText(least)} (limit ${MIN_CLASS_ROWS})`,
          `${rowsText(shape.rows)} to train on in all`,
        ],
      });
    }
    const parameters = networkOf(variant, shape.inputs).layout.trainable;
    if (parameters > MAX_PARAMETERS_PER_ROW * shape.rows && !isComplete) {
      seen.push({
        severity: "note",
        where: "model",
        says: `The network has ${parameters} weights for ${rowsText(shape.rows)}.`,
        evidence: [
          `${Math.round(parameters / shape.rows)} weights per training row (limit ${MAX_PARAMETERS_PER_ROW})`,
        ],
      });
    }
    return seen;
  },
});
