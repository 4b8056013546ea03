import unseen from "@convergence-lab/test-fixtures/benchmark/unseen.json" with { type: "json" };
import { describe, expect, test } from "vitest";
import { type BenchmarkCase, isMalformed, readBenchmark } from "./benchmark-case.ts";
import { caseSpec, withChanges } from "./case-spec.ts";
import { codeOf, FAULT_CODES } from "./fault-codes.ts";
import { kindOf } from "./score-case.ts";
import { readSpec } from "./train-arms.ts";

const read = readBenchmark(unseen);
const cases = read.cases.filter((written): written is BenchmarkCase => !isMalformed(written));

/** Codes that a cause stands for, and the one of no fault. */
const CODES = new Set([...Object.values(FAULT_CODES).flat(), "NONE"]);

test("the file of unseen networks is as the form asks", () => {
  expect(read.cases.filter(isMalformed)).toEqual([]);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  const kinds = cases.map(kindOf);
  const count = (kind: string) => kinds.filter((each) => each === kind).length;
  expect([cases.length, count("faulty"), count("oracle"), count("control")]).toEqual([
    78, 48, 10, 20,
  ]);
});

describe("an unseen network and its mended twin can be read as specs", () => {
  test.each(cases.map((written) => [written.id, written] as const))("%s", (_, written) => {
    const { faults, fix, control, oracleFix } = written;
    expect(faults.map(codeOf).filter((code) => !CODES.has(code))).toEqual([]);
    expect(faults.some(({ severity }) => severity === "root")).toBe(true);
    expect(fix.length > 0).toBe(!control && oracleFix === undefined);
    for (const twin of [written, withChanges(written, fix)]) {
      const { data } = readSpec(caseSpec(twin, {}));
      const { rows } = data.source as { rows: readonly unknown[] };
      expect(rows.length).toBeGreaterThanOrEqual(60);
      expect(rows.length).toBeLessThanOrEqual(600);
      expect(data.split).toBeDefined();
    }
  });
});
