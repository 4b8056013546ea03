// Trains variants of a case on seeds that no diagnosis has seen, all as one population, and reads off
// how each ended.

import type { Engine } from "../engine/engine.ts";
import { outcomeOf, worthOf } from "../prove/outcome.ts";
import { runExperiment } from "../run-experiment.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { patched, type SpecPatch } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";

/** Of one variant: a value per training seed, all of the rows that it is judged on. */
export interface TrainedArm {
  readonly accuracy: readonly number[];
  readonly balancedAccuracy: readonly number[];
  readonly loss: readonly number[];
}

/** First of the training seeds that judge; diagnoses count theirs from 0. */
const FRESH_SEEDS = 100_000;

/**
 * Every arm is the spec with its patch. A patch that the spec does not take is left out.
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
  const spec = parseSpec(source);
  const variants = Object.fromEntries(
    Object.entries(patches).filter(([, patch]) => patchedVariant(source, patch) !== undefined),
  );
  const training = Array.from({ length: seeds }, (_, i) => FRESH_SEEDS + i);
  const { trace } = await runExperiment(
    {
      ...spec,
      variants,
      claims: [],
      seeds: { training, data: 1 },
      probes: { signals: ["valConfusion"], everyEpochs: 1_000_000 },
    },
    engine,
  );
  return Object.fromEntries(
    Object.keys(variants).map((name) => {
      const outcomes = trace.runs
        .filter(({ variant }) => variant === name)
        .map((run) => outcomeOf(run, "validation"));
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

/** The variant that a patch makes of a spec; undefined where the spec does not take it. */
export function patchedVariant(source: unknown, patch: SpecPatch): Variant | undefined {
  try {
    return patched({ ...parseSpec(source), name: "patched" }, patch);
  } catch {
    return undefined;
  }
}
