// What may be written in place of an object: `optimizer: adam` for `optimizer: { name: adam }`. The
// parser sees the object either way; the JSON Schema offers both.

import * as z from "zod/mini";
import { preprocess } from "./preprocess.ts";

/** The short forms of a schema, as JSON Schema. */
export const shortForms = z.registry<{ readonly forms: readonly object[] }>();

/** An object with a name under `key`, of which the name alone may be written. */
export function named<T extends z.core.$ZodType>(
  names: readonly string[],
  schema: T,
  key = "name",
) {
  const isName = (value: unknown) => typeof value === "string";
  const written = preprocess((value) => (isName(value) ? { [key]: value } : value), schema);
  shortForms.add(written, { forms: [{ type: "string", enum: [...names] }] });
  return written;
}
