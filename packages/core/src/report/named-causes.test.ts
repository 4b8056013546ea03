// Which causes of a combination are named, and which of those that are proved beside it.

import { expect, test } from "vitest";
import { suspectOf } from "../../test/suspect-of.ts";
import type { CauseId } from "../causes/cause.ts";
import type { DiagnosisMaterial } from "./diagnosis-material.ts";
import { namedCauses } from "./named-causes.ts";

const armOf = (causes: readonly CauseId[]) => ({
  key: causes.join("+"),
  parts: causes.map((id) => ({ change: { id }, causes: [id], weight: 3, finding: id })),
});

const proofOf = (cause: CauseId, effect: number, verdict: string) => ({ cause, effect, verdict });

/** The first of the finals is what is prescribed. */
function named(
  weights: Partial<Record<CauseId, number>>,
  finals: readonly (readonly [causes: readonly CauseId[], effect: number])[],
  ablation: Partial<Record<CauseId, number>> = {},
) {
  const judged = finals.map(([causes, effect]) => ({
    arm: armOf(causes),
    proof: proofOf(causes[0], effect, "fixes"),
  }));
  const leftOut = Object.entries(ablation).map(([cause, effect]) =>
    proofOf(cause as CauseId, effect, effect >= 0.02 ? "fixes" : "undecided"),
  );
  const material = {
    situation: {
      suspects: Object.entries(weights).map(([id, weight]) => suspectOf(id as CauseId, weight)),
    },
    proved: { finals: judged, best: judged[0], ablation: leftOut, bestRuns: undefined },
    repair: undefined,
  };
  return namedCauses(material as unknown as DiagnosisMaterial).map(({ id }) => id);
}

const BOTH = { "output-activation": 6, "too-few-epochs": 2.6 };
const COMBINED = [[["output-activation", "too-few-epochs"], 0.48]] as const;

test("of a combination the parts are named that are missed when they are left out", () => {
  const missed = { "output-activation": 0.15, "too-few-epochs": 0.05 };
  expect(named(BOTH, COMBINED, missed)).toEqual(["output-activation", "too-few-epochs"]);
});

test("a part that nobody misses beside another is not, however much was found for it", () => {
  const spare = { "output-activation": 0.15, "too-few-epochs": 0.005 };
  expect(named(BOTH, COMBINED, spare)).toEqual(["output-activation"]);
});

test("where each makes up for the other both are", () => {
  const either = { "output-activation": 0.005, "too-few-epochs": 0.005 };
  expect(named(BOTH, COMBINED, either)).toEqual(["output-activation", "too-few-epochs"]);
});

test("a change that is proved beside what is prescribed names its cause when it does half as much", () => {
  const weights = { optimizer: 1.5, "learning-rate-too-low": 3, "too-small-network": 2.4 };
  const finals = (smaller: number) =>
    [
      [["optimizer"], 0.47],
      [["learning-rate-too-low"], 0.39],
      [["too-small-network"], smaller],
    ] as const;
  const both = ["learning-rate-too-low", "optimizer"];
  expect(named(weights, finals(0.18)).sort()).toEqual(both);
  expect(named(weights, finals(0.3)).sort()).toEqual([...both, "too-small-network"]);
});
