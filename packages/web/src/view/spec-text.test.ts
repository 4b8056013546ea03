import { expect, test } from "vitest";
import { folded, specAsText, specOfText } from "./spec-text.ts";

const rows = Array.from({ length: 30 }, (_, i) => [i, -i]);
const spec = {
  name: "many-rows",
  data: { source: { kind: "inline", columns: ["a", "b"], rows, labels: rows.map(([a]) => a % 2) } },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
};

test("many rows are folded away and come back", () => {
  const text = specAsText(spec);
  expect(text).toMatchInlineSnapshot(`
    "{
      "name": "many-rows",
      "data": {
        "source": {
          "kind": "inline",
          "columns": ["a", "b"],
          "rows": "(30 rows, as they were given)",
          "labels": "(30 labels, as they were given)"
        }
      },
      "model": { "layers": [{ "units": 1, "activation": "sigmoid" }] }
    }"
  `);
  expect(specOfText(text, spec)).toEqual(spec);
});

test("few rows stand there", () => {
  const few = { ...spec, data: { source: { kind: "inline", rows: [[1, 2]], labels: [0] } } };
  expect(folded(few)).toBe(few);
  expect(specOfText(specAsText(few), undefined)).toEqual(few);
});

test("what is undefined is left out, and text that is none is an error", () => {
  expect(specAsText({ name: "x", title: undefined })).toBe('{ "name": "x" }');
  expect(() => specOfText("{", spec)).toThrow(SyntaxError);
});
