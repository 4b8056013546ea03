// The spec's JSON Schema, for completion, checking and help in editors.

import * as z from "zod/mini";
import { shortForms } from "./shorthand.ts";
import { specSchema } from "./spec.ts";

/**
 * JSON Schema 2020-12 of a spec as written, defaults optional. Every property has a description
 * that ends with its default.
 */
export function specJsonSchema(): Record<string, unknown> {
  return writtenJsonSchema(specSchema);
}

/** The same of whatever has a schema. */
export function writtenJsonSchema(schema: z.core.$ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const short = shortForms.get(zodSchema);
      if (short !== undefined) offerForms(jsonSchema, short.forms);
      sayDefault(jsonSchema);
    },
  });
}

/** Any of `forms`, or what the schema says; once only, because zod hands copies on. */
function offerForms(schema: z.core.JSONSchema.BaseSchema, forms: readonly object[]): void {
  if (schema.anyOf?.[0] === forms[0]) return;
  const { description, default: usual, ...written } = schema;
  for (const key of Object.keys(written)) delete schema[key];
  Object.assign(schema, { anyOf: [...forms, written] });
}

function sayDefault(schema: z.core.JSONSchema.BaseSchema): void {
  const { description, default: usual } = schema;
  if (description === undefined || usual === undefined) return;
  const sentence = ` Default: ${JSON.stringify(usual)}.`;
  if (!description.endsWith(sentence)) schema.description = description + sentence;
}
