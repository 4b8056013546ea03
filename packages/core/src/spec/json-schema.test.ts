import { expect, test } from "vitest";
import schema from "../../../../examples/spec.schema.json" with { type: "json" };
import { specJsonSchema } from "./json-schema.ts";

test("the schema beside the examples is the one that the parser uses", () => {
  expect(schema, "npx tsx packages/core/scripts/write-schema.ts writes it anew").toEqual(
    JSON.parse(JSON.stringify(specJsonSchema())),
  );
});

test("editors learn words, ranges and defaults", () => {
  const text = JSON.stringify(specJsonSchema());
  expect(text).toContain('"glorotUniform"');
  expect(text).toContain('"exclusiveMinimum":0');
  expect(text).toContain('"default":32');
});
