// A sweep as variants of its spec: each trial is one, so that all of them stand in one report.

import { type Fields, isFields } from "../models/keras-objects.ts";
import { SpecError } from "../spec/errors.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import { paramsText } from "./params-text.ts";
import { parseSweep } from "./parse-sweep.ts";
import type { Sweep } from "./sweep.ts";
import { PARTS, placed } from "./targets.ts";
import { drawTrial, trialCount } from "./trials.ts";

export interface SweepVariants {
  readonly variants: Readonly<Record<string, SpecPatch>>;
  /** What counts for nothing, a sentence each. */
  readonly notes: readonly string[];
}

export function isSweep(source: unknown): source is Fields {
  return isFields(source) && isFields(source.parameters) && typeof source.method === "string";
}

/** More are no comparison that anyone reads. */
const MOST_VARIANTS = 512;

/**
 * @param spec What the variants are variants of: a patch replaces its list of layers whole.
 * @throws SpecError, as `parseSweep` does.
 */
export function sweepVariants(source: Fields, spec: unknown): SweepVariants {
  // The spec's own variants make way for these.
  const alone = isFields(spec) ? { ...spec, variants: {}, claims: [] } : spec;
  const sweep = parseSweep({ ...source, spec: alone }, { drawsBayes: true });
  const count = trialCount(sweep);
  if (count > MOST_VARIANTS) {
    throw new SpecError([
      {
        code: "SPEC_INVALID_VALUE",
        path: ["parameters"],
        message: `have ${count} combinations, and ${MOST_VARIANTS} variants are compared at most; take values out, draw some with method: random and run_cap, or train them with clab sweep.`,
      },
    ]);
  }
  const varied = sweep.parameters
    .filter(({ from }) => from.kind !== "values" || from.values.length > 1)
    .map(({ name }) => name);
  const named = Array.from({ length: count }, (_, index) => {
    const { params } = drawTrial(sweep, index);
    const told = Object.entries(params).filter(([name]) => varied.includes(name));
    const name = paramsText(told.length > 0 ? Object.fromEntries(told) : params);
    return [name, patchOf(sweep, params)] as const;
  });
  return { variants: Object.fromEntries(named), notes: notesOf(source) };
}

function notesOf({ method, early_terminate }: Fields): string[] {
  const notes: string[] = [];
  if (method === "bayes") notes.push("bayes is drawn at random here: all variants run at once.");
  if (method === "halving" || early_terminate !== undefined) {
    notes.push("variants train to their end; clab sweep stops the worse ones early.");
  }
  return notes;
}

function patchOf({ spec }: Sweep, params: Readonly<Record<string, unknown>>): SpecPatch {
  const parts = placed(spec, params);
  return Object.fromEntries(
    PARTS.filter((part) => parts[part] !== spec[part]).map((part) => [
      part,
      difference(spec[part], parts[part]),
    ]),
  );
}

/** What has to be merged over the one to make the other of it. */
function difference(before: unknown, after: unknown): unknown {
  if (!isFields(before) || !isFields(after)) return after;
  return Object.fromEntries(
    Object.entries(after)
      .filter(([key, value]) => value !== before[key])
      .map(([key, value]) => [key, difference(before[key], value)]),
  );
}
