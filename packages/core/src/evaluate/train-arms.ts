// Trains variants of a case on seeds that no diagnosis has seen, all as one population, and reads off
// how each ended.

import type { Engine } from "../engine/engine.ts";
import { runExperiment } from "../run-experiment.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { patched, type SpecPatch } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";
import { balancedAccuracy } from "../trace/derived/confusion.ts";
import type { TraceRun } from "../trace/trace.ts";

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
      const runs = trace.runs.filter(({ variant }) => variant === name);
      return [
        name,
        {
          accuracy: runs.map(lastAccuracy),
          balancedAccuracy: runs.map(lastBalancedAccuracy),
          loss: runs.map(({ signals }) => signals.valLoss?.at(-1) ?? Number.NaN).map(worstIfNaN),
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

/** A network that has diverged answers nothing but a constant, and not always the best one. */
function lastAccuracy({ signals, status, chance }: TraceRun): number {
  const last = signals.valAccuracy?.at(-1);
  const constant = chance.valAccuracy ?? 0;
  if (last === undefined || Number.isNaN(last)) return constant;
  return status === "diverged" ? Math.min(last, constant) : last;
}

function lastBalancedAccuracy(run: TraceRun): number {
  const last = run.probes?.confusions.findLast(({ signal }) => signal === "valConfusion");
  return last === undefined ? Number.NaN : balancedAccuracy(last);
}

function worstIfNaN(loss: number): number {
  return Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss;
}
