import { describe, expect, test } from "vitest";
import { DIAGNOSE_CHECKS } from "../diagnose/all-checks.ts";
import { LINT_CHECKS } from "../lint/all-checks.ts";
import { CAUSES } from "./cause.ts";
import type { CauseContext } from "./context.ts";
import { CAUSE_RULES } from "./rules.ts";

const checks = new Set([...LINT_CHECKS, ...DIAGNOSE_CHECKS].map(({ id }) => id));
const read = new Set(Object.values(CAUSE_RULES).flatMap(({ findings }) => Object.keys(findings)));

/** Of learnability, which makes no checks. */
const DATA_FINDINGS = ["suspect-labels", "test-part-easier", "more-rows-help"];

/** What many causes look like: it says that something is wrong, not what. */
const SYMPTOMS = ["plateau-at-constant", "constant-output", "batch-norm-batches"];

describe("too little data", () => {
  const against = (training: number, test: number, rows: number) =>
    CAUSE_RULES["too-little-data"].against!({
      findings: [],
      dataset: { test: { rows } },
      reached: { training, test },
    } as unknown as CauseContext);

  test.each([
    ["a usual gap", 1, 0.96, 400, 1],
    ["a gap of two rows in 24", 1, 0.92, 24, 1],
    ["the same gap in many rows", 1, 0.92, 400, 0],
    ["a wide gap in few rows", 1, 0.7, 24, 0],
    ["no gap where nothing is known", 0.05, 0.01, 400, 0],
  ])("is spoken against by %s: %f and %f of %i rows", (_, known, held, rows, count) => {
    expect(against(known, held, rows)).toHaveLength(count);
  });
});

describe("findings and causes", () => {
  test("a cause reads findings that some check makes", () => {
    const unknown = [...read].filter((id) => !checks.has(id) && !DATA_FINDINGS.includes(id));
    expect(unknown).toEqual([]);
  });

  test("every check speaks for a cause, or is a symptom of many", () => {
    const silent = [...checks].filter((id) => !read.has(id) && !SYMPTOMS.includes(id));
    expect(silent).toEqual([]);
  });

  test("what is certain without a training is a finding that it reads", () => {
    for (const id of CAUSES) {
      const { certain = [], findings } = CAUSE_RULES[id];
      expect(Object.keys(findings), id).toEqual(expect.arrayContaining([...certain]));
    }
  });
});
