import { expect, test } from "vitest";
import type { Proof } from "../prove/proof.ts";
import { dismissedCauses } from "./answer-text.ts";
import type { DiagnosisMaterial } from "./diagnosis-material.ts";

const CAUSE = "learning-rate-too-high";

/** Of a suspect whose change was tried, with this effect. */
function why(tried: Pick<Proof, "verdict" | "effect" | "ci95">): string {
  const proof = { intervention: "a-tenth", metric: "balancedAccuracy", n: 8, ...tried };
  const suspect = { id: CAUSE, findings: ["large-updates"], changes: [{ id: "a-tenth" }] };
  const material = {
    situation: { suspects: [suspect] },
    proved: { ablation: [], proofs: [proof] },
  } as unknown as DiagnosisMaterial;
  return dismissedCauses(material, [])[0].why;
}

test("what was suspected has a minus before its effect and the ends of its interval", () => {
  expect(why({ verdict: "no-effect", effect: -0.018, ci95: [-0.05, 0.014] })).toBe(
    "a-tenth has no effect (balanced accuracy \u22120.02, 95% \u22120.05 to 0.01, 8 seeds).",
  );
});

test("and a plus before one that is more, none before 0", () => {
  expect(why({ verdict: "undecided", effect: 0.02, ci95: [-0.01, 0.05] })).toContain("+0.02,");
  expect(why({ verdict: "no-effect", effect: 0, ci95: [-0.01, 0.01] })).toContain(
    "accuracy 0.000,",
  );
});
