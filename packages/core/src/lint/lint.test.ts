import { expect, test } from "vitest";
import { findingsOf, lintSpec, normalRows, signLabels } from "../../test/lint-case.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { patched, resolveVariants } from "../spec/resolve-variants.ts";
import { LINT_CHECKS } from "./all-checks.ts";

test("ids are unique, and a title is one line", () => {
  expect(new Set(LINT_CHECKS.map(({ id }) => id)).size).toBe(LINT_CHECKS.length);
  for (const { title } of LINT_CHECKS) expect(title).toMatch(/^[A-Z][^\n]{10,79}$/);
});

test("nothing is said about a healthy experiment", () => {
  expect(findingsOf(lintSpec())).toEqual([]);
});

/** Much of what can be wrong at once, in one of two variants. */
const rows = normalRows(240).map((row) => [1000 * row[0], ...row.slice(1), 7]);
const broken = lintSpec({
  rows,
  labels: signLabels(rows),
  layers: [{ units: 3 }, { units: 1, activation: "softmax" }],
  variants: { low: { train: { learningRate: 1e-6 } }, high: { train: { learningRate: 5 } } },
});

test("errors come first; what holds for both variants is said once", () => {
  const lines = findingsOf(broken).map(
    ({ id, severity, variants }) => `${severity} ${id}: ${variants.join(", ")}`,
  );
  expect(lines).toEqual([
    "error softmax-on-one-unit: low, high",
    "warning unscaled-features: low, high",
    "warning linear-hidden-layers: low, high",
    "warning learning-rate-range: high",
    "warning too-few-steps: low",
    "note constant-column: low, high",
  ]);
});

test("every patch is a patch of each variant that it is proposed for, and plain JSON", () => {
  const variants = new Map(resolveVariants(broken).map((variant) => [variant.name, variant]));
  let count = 0;
  for (const finding of findingsOf(broken)) {
    for (const { patch } of finding.interventions) {
      expect(JSON.parse(JSON.stringify(patch))).toEqual(patch);
      for (const name of finding.variants)
        expect(patched(variants.get(name)!, patch).name).toBe(name);
      count++;
    }
  }
  expect(count).toBeGreaterThan(6);
});

test("layers over steps and tokens are looked at as far as they are dense", () => {
  const { data, train } = lintSpec();
  const head = { units: 1, activation: "sigmoid" };
  const convolution = [
    { type: "conv1d", filters: 8, kernelSize: 2, activation: "relu" },
    { type: "flatten" },
  ];
  const steps = { inputShape: [4, 1], layers: [...convolution, { units: 8 }, head] };
  const lines = (source: object) =>
    findingsOf(parseSpec({ name: "steps", data, train, ...source })).map(
      ({ id, severity, where }) => `${severity} ${id} at ${where}`,
    );
  expect(lines({ model: steps })).toEqual(["note linear-hidden-layers at model.layers[2]"]);

  const tokens = normalRows(240).map((row) => row.map((value) => Math.floor(Math.abs(30 * value))));
  const embedding = [{ type: "embedding", inputDim: 200, outputDim: 8 }, { type: "flatten" }, head];
  const source = { kind: "inline", rows: tokens, labels: signLabels(normalRows(240)) };
  expect(lines({ data: { source }, model: { layers: embedding } })).toEqual([]);
});
