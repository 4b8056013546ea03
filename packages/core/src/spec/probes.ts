// How a reader asks for probes.

import * as z from "zod/mini";
import { preprocess } from "./preprocess.ts";
import { PROBES } from "./probe-names.ts";
import { shortForms } from "./shorthand.ts";

const interval = z.optional(z.int().check(z.positive()));

/** Names, or an object with the names and the intervals. */
export const probesSchema = preprocess(
  (value) => (typeof value === "string" || Array.isArray(value) ? { signals: value } : value),
  z.strictObject({
    signals: z
      .union([
        z.pipe(
          z.literal("all"),
          z.transform(() => [...PROBES]),
        ),
        z.array(z.enum(PROBES)).check(z.minLength(1)),
      ])
      .check(z.describe('"all", or names of docs/probes.md.')),
    everySteps: interval.check(
      z.describe("Optimizer steps between two layer signals. Absent: as many as give 64 in a run."),
    ),
    everyEpochs: interval.check(
      z.describe(
        "Epochs between two matrices of confusion counts. Absent: as many as give 10 in a run.",
      ),
    ),
  }),
);
shortForms.add(probesSchema, {
  forms: [{ const: "all" }, { type: "array", items: { enum: [...PROBES] }, minItems: 1 }],
});
