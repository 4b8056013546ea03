// class-imbalance: one class is so much larger than another that always answering with it is hard to
// beat. Imbalance alone does not stop a network where the classes are apart.

import { isWeightedSource } from "../../compile/compile.ts";
import { percent } from "../../shared/number-text.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/**
 * Largest over smallest class. SageMaker Debugger and deepchecks take 10; a healthy network of the
 * published benchmark has 9 and needs no help.
 */
export const MAX_RATIO = 10;
/** Case 30 of the collected questions: 82 to 18, and the network answers 0 always. */
const NOTE_RATIO = 4;

export const classImbalance = lintCheck({
  id: "class-imbalance",
  title: "One class is far larger than another",
  reads: ["labels"],
  examine({ train, data }, { labels }) {
    const counts = labels.train.filter((count) => count > 0);
    const [smallest, largest] = [Math.min(...counts), Math.max(...counts)];
    const ratio = largest / smallest;
    const isWeighted = train.classWeight !== undefined || train.loss.applyClassBalancing;
    const hasSampleWeight = isWeightedSource(data.source);
    if (ratio < NOTE_RATIO || isWeighted || hasSampleWeight) return [];
    const rows = counts.reduce((sum, count) => sum + count, 0);
    const name = (count: number) => labels.classes[labels.train.indexOf(count)];
    const weights = Object.fromEntries(
      labels.classes.flatMap((each, k) =>
        labels.train[k] === 0
          ? []
          : [[each, Number((rows / (counts.length * labels.train[k])).toPrecision(3))]],
      ),
    );
    return [
      {
        severity: ratio > MAX_RATIO ? "warning" : "note",
        where: "data.source.labels",
        says: `Class ${name(largest)} has ${largest} training rows and class ${name(smallest)} has ${smallest}; always answering ${name(largest)} is right in ${percent(largest / rows)}.`,
        evidence: [
          `largest over smallest class = ${Number(ratio.toPrecision(3))} (warning above ${MAX_RATIO})`,
        ],
        interventions: [
          setTraining("class-weight", "weigh each class by one over its share", {
            classWeight: weights,
          }),
        ],
      },
    ];
  },
});
