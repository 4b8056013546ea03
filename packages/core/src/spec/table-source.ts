// Rows that stand in a file: which one, which of its columns, and how they are read. Whoever may
// read files does it and passes the table along; the description is what a spec keeps of it.

import * as z from "zod/mini";

export const ENCODINGS = ["oneHot", "ordinal"] as const;

const names = z.array(z.string());

export const tableSource = z.strictObject({
  kind: z.literal("table").check(z.describe("Rows from a file; who runs the spec reads it.")),
  path: z
    .string()
    .check(
      z.minLength(1),
      z.describe(
        "The file: CSV, TSV, JSON, JSON Lines, NPY, NPZ, Parquet or Arrow, gzipped or not. Relative to the spec.",
      ),
    ),
  target: z.optional(z.string()).check(z.describe("The column that holds the classes.")),
  features: z
    .optional(names.check(z.minLength(1)))
    .check(z.describe("The columns to learn from. Absent: all others.")),
  drop: z
    .optional(names)
    .check(z.describe("Columns that are not read. Absent: none, and text must be a category.")),
  categorical: z
    .optional(z.record(z.string(), z.enum(ENCODINGS)))
    .check(
      z.describe(
        "Columns that hold categories: oneHot, a 0/1 column for every value but the first in sorted order; ordinal, the value's place in that order. Absent: columns of text are oneHot.",
      ),
    ),
  missing: z
    .optional(names)
    .check(
      z.describe(
        "Text that stands for a missing value, beside an empty cell and pandas's words. Absent: no other.",
      ),
    ),
  encoding: z
    .optional(z.string().check(z.minLength(1)))
    .check(
      z.describe(
        "How text is encoded, by a label of the Encoding Standard. Absent: utf-8, utf-16 with its mark, or else windows-1252.",
      ),
    ),
  separator: z
    .optional(z.string().check(z.length(1)))
    .check(z.describe("Between two cells. Absent: it is guessed.")),
  decimal: z
    .optional(z.enum([".", ","]))
    .check(z.describe("Sign before fractions. Absent: a comma in columns that have no point.")),
  sampleWeight: z
    .optional(z.string())
    .check(z.describe("The column of sample weights (Keras: sample_weight). Absent: all 1.")),
  groups: z
    .optional(z.string())
    .check(
      z.describe(
        "The column of groups, such as patients: rows of one group are never on both sides of a split. Absent: every row stands alone.",
      ),
    ),
  digest: z
    .optional(z.string())
    .check(
      z.describe(
        "SHA-256 of what was read, so that no other table is taken for it. Absent: any is.",
      ),
    ),
});

export type TableSource = z.infer<typeof tableSource>;
export type Encoding = (typeof ENCODINGS)[number];
