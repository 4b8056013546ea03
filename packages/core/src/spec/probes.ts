// How a reader asks for probes.

import * as z from "zod";
import { PROBES } from "./probe-names.ts";
import { shortForms } from "./shorthand.ts";

const interval = z.int().positive().optional();

/** Names, or an object with the names and the intervals. */
export const probesSchema = z.preprocess(
  (value) => (typeof value === "string" || Array.isArray(value) ? { signals: value } : value),
  z.strictObject({
    signals: z
      .union([z.literal("all").transform(() => [...PROBES]), z.array(z.enum(PROBES)).min(1)])
      .describe('"all", or names of docs/probes.md.'),
    everySteps: interval.describe(
      "Optimizer steps between two layer signals. Absent: as many as give 64 in a run.",
    ),
    everyEpochs: interval.describe(
      "Epochs between two matrices of confusion counts. Absent: as many as give 10 in a run.",
    ),
  }),
);
shortForms.add(probesSchema, {
  forms: [{ const: "all" }, { type: "array", items: { enum: [...PROBES] }, minItems: 1 }],
});
