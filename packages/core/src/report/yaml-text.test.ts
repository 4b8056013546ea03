import { expect, test } from "vitest";
import { parse } from "yaml";
import { diagnosedSpec } from "../../test/diagnosis-report.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import type { TableSource } from "../spec/spec.ts";
import { specText, yamlText } from "./yaml-text.ts";

test("a parsed spec is written without its defaults and without the rows of a table", () => {
  const text = specText(parseSpec(diagnosedSpec));
  expect(text).toMatchInlineSnapshot(`
    "version: 1
    name: wine
    data:
      source: { kind: table, path: wine.csv, target: class, drop: [ash], missing: ["?"] }
      split: { testSize: 0.2, stratify: true }
    model:
      layers:
        - { units: 64, activation: relu }
        - { units: 32, activation: relu }
        - { units: 1, activation: sigmoid }
    train:
      loss: binaryCrossentropy
      optimizer: adam
      learningRate: 0.001
      epochs: 100
      batchSize: 32
    seeds:
      training: 10
    "
  `);
  const { digest: _, ...source } = diagnosedSpec.data.source as TableSource;
  const undated = { ...diagnosedSpec, data: { ...diagnosedSpec.data, source } };
  expect(parseSpec(parse(text))).toEqual(parseSpec(undated));
});

test("many rows that stand in the spec itself are left out, with a word", () => {
  const rows = Array.from({ length: 30 }, (_, i) => [i, 2 * i]);
  const source = { kind: "inline" as const, rows, labels: rows.map((_, i) => i % 2) };
  const spec = { ...diagnosedSpec, data: { ...diagnosedSpec.data, source } };
  expect(parseSpec(parse(specText(spec, 30)))).toEqual(parseSpec(spec));
  expect(specText(spec)).toContain("  source: # the 30 rows as they stand in your spec\n  split:");
});

test("any value is read back as itself", () => {
  const value = {
    no: "yes",
    "a: b": ["#", "- x", "", "null", "1", "it's", 'say "x"', "two\nlines", "ü\u2028"],
    numbers: [0, -1.5, 1e-7, 1e21],
    empty: { list: [], map: {}, nothing: null },
    long: Array.from({ length: 40 }, (_, i) => ({ units: i, activation: "relu" })),
    deep: [[1, [2]], { a: [{ b: 1 }] }],
  };
  expect(parse(yamlText(value))).toEqual(value);
});

test.each([
  [{ path: "m.keras", digest: "ab" }, "  initialWeights: m.keras\n"],
  [
    { path: "m.keras", digest: "ab", skipMismatch: true },
    "  initialWeights: { path: m.keras, skipMismatch: true }\n",
  ],
])("initial weights without their digest", (initialWeights, expected) => {
  const spec = { ...diagnosedSpec, model: { ...diagnosedSpec.model, initialWeights } };
  expect(specText(parseSpec(spec))).toContain(expected);
});
