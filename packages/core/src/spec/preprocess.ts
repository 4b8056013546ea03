// What zod/mini has no word for: a schema behind a function that rewrites what was written. Where the
// schema is optional, so is this.

import * as z from "zod/mini";
// By name: a bundle that goes through the namespace of a namespace holds all of it.
import { $constructor, $ZodPreprocess } from "zod/v4/core";

export interface Preprocessed<T extends z.core.$ZodType>
  extends z.ZodMiniType<z.output<T>, unknown, z.core.$ZodPreprocessInternals<T>> {}

type Init = (instance: object, definition: object) => void;
const { init: initPreprocess } = $ZodPreprocess as { init: Init };
const { init: initType } = z.ZodMiniType as { init: Init };

const Preprocess = $constructor<Preprocessed<z.core.$ZodType>>(
  "ZodMiniPreprocess",
  (instance, definition) => {
    initPreprocess(instance, definition);
    initType(instance, definition);
  },
);

export function preprocess<T extends z.core.$ZodType>(
  rewrite: (written: unknown) => unknown,
  schema: T,
): Preprocessed<T> {
  const definition = { type: "pipe", in: z.transform(rewrite), out: schema } as const;
  return new Preprocess(definition) as Preprocessed<T>;
}
