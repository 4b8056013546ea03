// Trains variants of a case on seeds that no diagnosis has seen, all as one population, and reads off
// how each ended.

import { joinedIntervention } from "../causes/change.ts";
import { type Repair, repaired } from "../causes/repair.ts";
import { onTable } from "../dataset/on-table.ts";
import type { Engine } from "../engine/engine.ts";
import { outcomeOf, worthOf } from "../prove/outcome.ts";
import { ENDS, Trainer } from "../prove/trainer.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { patched, type SpecPatch } from "../spec/resolve-variants.ts";
import type { Spec, Variant } from "../spec/spec.ts";

/** Of one variant: a value per training seed, all of the rows that it is judged on. */
export interface TrainedArm {
  readonly accuracy: readonly number[];
  readonly balancedAccuracy: readonly number[];
  readonly loss: readonly number[];
}

/** First of the training seeds that judge; diagnoses count theirs from 0. */
const FRESH_SEEDS = 100_000;

/**
 * Every arm is the spec with its patch. A patch that the spec does not take is left out; an arm that
 * cannot be trained at all is taken for the best constant answer.
 *
 * @param source has a test part: the rows that arms are judged on.
 * @throws SpecError, DatasetError for the spec itself, and what the engine throws.
 */
export async function trainArms(
  source: unknown,
  patches: Readonly<Record<string, SpecPatch>>,
  engine: Engine,
  seeds: number,
): Promise<Readonly<Record<string, TrainedArm>>> {
  const { base, tables } = onTable(readSpec(source), new Map());
  const arms = Object.entries(patches).flatMap(([name, patch]) => {
    const variant = patchedVariant(base, patch);
    if (variant === undefined) return [];
    const { repair } = repaired({ ...base, ...variant, name: base.name, variants: {} }, tables);
    const mended = repair === undefined ? patch : withRepair(patch, repair);
    return [{ name, patch: mended, isConstant: repair !== undefined }];
  });
  const trainer = new Trainer(repaired(base, tables).spec, engine, tables, {});
  const { runs } = await trainer.train({
    variants: Object.fromEntries(arms.map(({ name, patch }) => [name, patch])),
    seeds: Array.from({ length: seeds }, (_, i) => FRESH_SEEDS + i),
    probes: { signals: ["valConfusion"], everyEpochs: 1_000_000 },
    evaluates: ENDS,
  });
  return Object.fromEntries(
    arms.map(({ name, isConstant }) => {
      const outcomes = runs
        .filter(({ variant }) => variant === name)
        .map((run) => outcomeOf(isConstant ? { ...run, status: "diverged" } : run, "validation"));
      return [
        name,
        {
          accuracy: outcomes.map(({ accuracy }) => accuracy),
          balancedAccuracy: outcomes.map((outcome) => worthOf(outcome, "balancedAccuracy")),
          loss: outcomes.map(({ loss }) => loss),
        },
      ];
    }),
  );
}

/** The source as a spec, also one that cannot be trained. */
export function readSpec(source: unknown): Spec {
  return parseSpec(source, { allowUntrainable: true });
}

function withRepair(patch: SpecPatch, { interventions }: Repair): SpecPatch {
  return mergePatch(patch, joinedIntervention(interventions).patch) as SpecPatch;
}

/** The variant that a patch makes of a spec; undefined where the spec does not take it. */
export function patchedVariant(spec: Spec, patch: SpecPatch): Variant | undefined {
  try {
    return patched({ ...spec, name: "patched" }, patch);
  } catch {
    return undefined;
  }
}
