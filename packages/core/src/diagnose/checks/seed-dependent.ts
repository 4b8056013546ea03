// seed-dependent: with some seeds the network learns, and with others it ends where it started. One
// run says nothing about such a network; its rate of failure does.

import { percent } from "../../shared/number-text.ts";
import { wilsonInterval } from "../../shared/statistics.ts";
import type { Check } from "../check.ts";
import { hasLearned, isStuck } from "../learned.ts";
import { seedsText, seenIn } from "../over-seeds.ts";

export const seedDependent: Check = {
  id: "seed-dependent",
  title: "It learns with some seeds and fails with others",
  reads: [],
  examine({ runs }) {
    const stuck = seenIn(runs, isStuck);
    const learned = seenIn(runs, (run) =>
      isStuck(run) === undefined ? undefined : hasLearned(run),
    );
    if (stuck.runs.length === 0 || learned.runs.length === 0) return [];
    const [low, high] = wilsonInterval(stuck.runs.length, stuck.of);
    return [
      {
        severity: "warning",
        where: "seeds",
        says: `The network ends no better than the best constant predictor ${seedsText(stuck)}, and learns in ${learned.runs.length}.`,
        evidence: [
          `rate of failure ${percent(stuck.runs.length / stuck.of)}, 95% ${percent(low)} to ${percent(high)}`,
          `seeds that fail: ${stuck.runs.map(({ trainingSeed }) => trainingSeed).join(", ")}`,
        ],
        ruledOut: ["the data: with other weights at the start the same rows are learned"],
      },
    ];
  },
};
