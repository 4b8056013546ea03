import { expect, test } from "vitest";
import { datasetOf, drawn, flipped } from "../../test/learnability-case.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { askLabels, labelFindings, rowFindings } from "./data-findings.ts";

const line = drawn(500, 2, ([a, b]) => (a + b > 0 ? 1 : 0));

const findings = (dataset: Dataset, isIll: boolean) =>
  labelFindings(askLabels(dataset), dataset, ["baseline"], { isIll });

test("wrong labels are named with their rate and their rows", () => {
  const [found, ...others] = findings(datasetOf(flipped(line, 0.25)), false);
  expect(others).toEqual([]);
  expect(found.id).toBe("suspect-labels");
  expect(found.variants).toEqual(["baseline"]);
  expect(found.says).toMatch(/^About 2\d% of the labels look wrong/);
  expect(found.evidence[1]).toMatch(
    /^first of the training part: row \d+: [01], among rows of [01];/,
  );
});

test("right labels and rows enough leave nothing to say", () => {
  expect(findings(datasetOf(line), true)).toEqual([]);
  expect(rowFindings(datasetOf(line), ["baseline"])).toEqual([]);
});

test("a few wrong labels are no news of a network that does well", () => {
  const dataset = datasetOf(flipped(line, 0.12));
  expect(findings(dataset, true)).toHaveLength(1);
  expect(findings(dataset, false)).toEqual([]);
});

test("a rule that half of the rows do not show", () => {
  const ring = drawn(200, 3, ([a, b, c]) => (a * a + b * b + c * c > 2.4 ? 1 : 0));
  const [found] = rowFindings(datasetOf(ring), ["baseline"]);
  expect(found.id).toBe("more-rows-help");
  expect(found.severity).toBe("note");
});
