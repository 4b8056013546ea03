import { expect, test } from "vitest";
import { parseSpec } from "../spec/parse-spec.ts";
import { compile, loadDatasets } from "./compile.ts";
import { selectRuns } from "./select-runs.ts";

test("only the given runs are listed, and every index still means the same", () => {
  const spec = parseSpec({
    name: "two-shapes",
    data: { source: { kind: "inline", rows: [[0], [1]], labels: [0, 1] } },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 2 },
    seeds: { training: 3 },
    variants: { short: {}, long: { train: { epochs: 9 } } },
  });
  const plan = compile(spec, loadDatasets(spec));
  const selected = selectRuns(plan, [5, 4]);
  expect(selected.buckets.map((bucket) => bucket.runs)).toEqual([[], [4, 5]]);
  expect(selected.runs).toBe(plan.runs);
  for (const run of selected.runs) expect(selected.buckets[run.bucket].index).toBe(run.bucket);
});
