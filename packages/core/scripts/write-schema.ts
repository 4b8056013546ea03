// Writes the spec's JSON Schema next to the examples, where their first line points editors to.
// Run it after a change of spec.ts: npx tsx packages/core/scripts/write-schema.ts

import { writeFileSync } from "node:fs";
import { specJsonSchema } from "../src/spec/json-schema.ts";

const file = new URL("../../../examples/spec.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(specJsonSchema(), null, 2)}\n`);
