// Writes the JSON Schemas of specs and sweeps next to the examples, where the first lines of these point
// editors to. Run it after a change of what they are made of:
//
//   npx tsx packages/core/scripts/write-schema.ts

import { writeFileSync } from "node:fs";
import { specJsonSchema } from "../src/spec/json-schema.ts";
import { sweepJsonSchema } from "../src/sweep/json-schema.ts";

for (const [name, schema] of [
  ["spec", specJsonSchema()],
  ["sweep", sweepJsonSchema()],
] as const) {
  const file = new URL(`../../../examples/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
