// The spec's JSON Schema, for completion and checking in editors.

import { z } from "zod";
import { specSchema } from "./spec.ts";

/** JSON Schema 2020-12 of a spec as written, defaults optional. */
export function specJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(specSchema, { io: "input", unrepresentable: "any" });
}
