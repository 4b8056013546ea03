import cases from "@convergence-lab/test-fixtures/benchmark/cases.json" with { type: "json" };
import { describe, expect, test } from "vitest";
import { createSimdEngine } from "../engine/simd/index.ts";
import { runExperiment } from "../run-experiment.ts";
import { mean } from "../shared/statistics.ts";
import { type BenchmarkCase, benchmarkFileSchema, UnsupportedCase } from "./benchmark-case.ts";
import { caseSpec, withChanges } from "./case-spec.ts";

const file = benchmarkFileSchema.parse(cases);
const SEEDS = 8;

/** Mean validation accuracy after the last epoch. */
async function accuracy(written: BenchmarkCase): Promise<number> {
  const spec = { ...(caseSpec(written, file.generators) as object), seeds: { training: SEEDS } };
  const engine = await createSimdEngine({ reason: "A test." });
  const { trace } = await runExperiment(spec, engine);
  return mean(trace.runs.map(({ signals }) => signals.valAccuracy!.at(-1)!));
}

// Another trainer with other random numbers measured the same networks: the means of two samples of
// seeds differ by a few standard errors, here up to 5, and a few rows of the test part.
describe("a case trains as its file measured it", () => {
  test.each(file.cases.map((written) => [written.id, written] as const))(
    "%s",
    async (_, written) => {
      const { asIs, withFix } = written.checked as Record<
        "asIs" | "withFix",
        { accuracy: number[] }
      >;
      for (const [changes, [expected, sd]] of [
        [[], asIs.accuracy],
        [written.fix, withFix.accuracy],
      ] as const) {
        const off = Math.abs((await accuracy(withChanges(written, changes))) - expected);
        expect(off, `${changes.length} changes`).toBeLessThan(
          0.02 + 5 * sd * Math.sqrt(1 / 16 + 1 / SEEDS),
        );
      }
    },
  );
});

test("what no spec can say is refused by its word", () => {
  const [first] = file.cases;
  const multihot = { ...first, data: { ...first.data, target: "multihot" } };
  expect(() => caseSpec(multihot, {})).toThrow(
    new UnsupportedCase("targets are multihot, not one class per row"),
  );
  expect(() => caseSpec({ ...first, loss: "sum_squared" }, {})).toThrow(UnsupportedCase);
});

test("changes reach every hidden layer, and leave the case as it is", () => {
  const [first] = file.cases;
  const changed = withChanges(first, [{ set: "layers.*.units", value: 7 }]);
  expect(changed.layers.every(({ units }) => units === 7)).toBe(true);
  expect(first.layers.some(({ units }) => units === 7)).toBe(false);
});
