// Turns whatever was written into a Spec with every default filled in, or says everything that is
// wrong with it at once. What depends on the data itself is checked when the dataset is loaded.

import type * as z from "zod/mini";
import { didYouMean } from "../shared/did-you-mean.ts";
import { SpecError, type SpecPath, type SpecProblem } from "./errors.ts";
import { headProblems } from "./head-problems.ts";
import { inlineDataProblems } from "./inline-data-problems.ts";
import { BASELINE, resolveVariants } from "./resolve-variants.ts";
import { schemaProblems } from "./schema-problems.ts";
import { type ClaimSpec, type Spec, specSchema, type Variant } from "./spec.ts";

export interface ParseOptions {
  /**
   * Accept a head that the loss cannot be computed from and labels that are no class index: for
   * lint and the doctor, who say how to mend it.
   * Default false.
   */
  readonly allowUntrainable?: boolean;
}

/** Throws SpecError with all problems: those of the schema and those between its parts. */
export function parseSpec(source: unknown, options: ParseOptions = {}): Spec {
  if (typeof source !== "object" || source === null || Array.isArray(source)) {
    throw new SpecError([
      {
        code: "SPEC_NOT_AN_OBJECT",
        path: [],
        message: "is not a mapping; a spec starts with name, data, model and train.",
      },
    ]);
  }
  const parsed = specSchema.safeParse(source, { reportInput: true });
  const problems = parsed.success ? [] : schemaProblems(specSchema, parsed.error, source);
  problems.push(...problemsBetweenParts(source as Record<string, unknown>, options));
  if (!parsed.success || problems.length > 0) throw new SpecError(problems);
  return parsed.data;
}

/** Checks across sections, over those sections that are sound in themselves. */
function problemsBetweenParts(
  source: Record<string, unknown>,
  { allowUntrainable = false }: ParseOptions,
): SpecProblem[] {
  const { data, model, train, variants, claims } = specSchema.shape;
  const sound = {
    data: dataOf(data, source.data),
    model: dataOf(model, source.model),
    train: dataOf(train, source.train),
    variants: dataOf(variants, source.variants),
    claims: dataOf(claims, source.claims),
  };
  const problems: SpecProblem[] = [];
  if (sound.variants && sound.claims) {
    const names = Object.keys(sound.variants);
    problems.push(...claimProblems(sound.claims, names.length > 0 ? names : [BASELINE]));
  }
  if (sound.data) {
    const options = { allowAnyLabel: allowUntrainable };
    problems.push(...inlineDataProblems(sound.data, ["data"], options));
  }
  if (sound.data && sound.model && sound.train && sound.variants) {
    try {
      const resolved = resolveVariants({
        data: sound.data,
        model: sound.model,
        train: sound.train,
        variants: sound.variants,
      });
      if (!allowUntrainable) problems.push(...resolved.flatMap(variantProblems));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems);
    }
  }
  return problems;
}

function dataOf<T>(schema: z.ZodMiniType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function variantProblems(variant: Variant): SpecProblem[] {
  const prefix: SpecPath = variant.name === BASELINE ? [] : ["variants", variant.name];
  return headProblems(variant).map((problem) => ({
    ...problem,
    path: [...prefix, ...problem.path],
  }));
}

function claimProblems(claims: readonly ClaimSpec[], variants: readonly string[]): SpecProblem[] {
  const problems: SpecProblem[] = [];
  const mustExist = (name: string, path: SpecPath) => {
    if (variants.includes(name)) return;
    problems.push({
      code: "SPEC_UNKNOWN_NAME",
      path,
      message: `"${name}" is not a variant of this spec (${variants.join(", ")}).${didYouMean(name, variants)}`,
    });
  };
  claims.forEach((claim, i) => {
    claim.expect.forEach((expectation, j) => {
      const path: SpecPath = ["claims", i, "expect", j];
      mustExist(expectation.variant, [...path, "variant"]);
      if ("than" in expectation && expectation.than !== "others") {
        mustExist(expectation.than, [...path, "than"]);
        if (expectation.than === expectation.variant) {
          problems.push({
            code: "SPEC_INVALID_VALUE",
            path: [...path, "than"],
            message: `compares "${expectation.variant}" with itself; name another variant or "others".`,
          });
        }
      }
    });
  });
  return problems;
}
