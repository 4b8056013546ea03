// The yardstick of every search that means something: random changes of the same network. It knows
// every change that the doctor's rules know for a network before it is trained, tries them singly and
// together on the pairs that the doctor chooses by, and keeps the best, until as many model-steps are
// spent as the doctor took.

import { type Change, together } from "../causes/change.ts";
import { repaired } from "../causes/repair.ts";
import { suspectCauses } from "../causes/suspect-causes.ts";
import { loadDatasets } from "../compile/compile.ts";
import { RandomState } from "../dataset/numpy/random-state.ts";
import { onTable } from "../dataset/on-table.ts";
import type { Engine } from "../engine/engine.ts";
import { lint } from "../lint/lint.ts";
import { type Incumbent, incumbent } from "../prove/incumbent.ts";
import { outcomeOf } from "../prove/outcome.ts";
import type { JudgedOn } from "../prove/proof.ts";
import { Trainer } from "../prove/trainer.ts";
import { mean } from "../shared/statistics.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import { patched, resolveVariants, type SpecPatch } from "../spec/resolve-variants.ts";
import type { Variant } from "../spec/spec.ts";
import { readSpec } from "./train-arms.ts";

/** Draws that train together, as a population does best. */
const AT_ONCE = 4;
/** Of a draw: each change more is half as likely, up to as many as the doctor puts together. */
const MOST_CHANGES = 4;
/** Pairs of training seed and fold that a draw is tried on, as in the doctor's first round. */
const SEEDS = [1000, 1001];
const FOLDS = [0, 1];
/** With fewer training rows a held-out quarter is too few to choose by. */
const MIN_ROWS_FOR_FOLDS = 40;
const FOLD_SIZE = 0.25;

/** Every incumbent, in the order in which they were found; the last is what the search ends with. */
export async function randomSearch(
  source: unknown,
  engine: Engine,
  { modelSteps: budget, seed }: { readonly modelSteps: number; readonly seed: number },
): Promise<Incumbent[]> {
  const { base, tables } = onTable(readSpec(source), new Map());
  const { spec, repair } = repaired(base, tables);
  const datasets = loadDatasets(spec, tables);
  const [dataset] = datasets.values();
  const [variant] = resolveVariants(spec);
  const changes = allChanges(variant, { dataset, findings: lint(spec, datasets) });
  const hasFolds = spec.data.split !== undefined && dataset.train.rows >= MIN_ROWS_FOR_FOLDS;
  const trainer = new Trainer(spec, engine, tables, {});
  const random = new RandomState(seed);
  const worth = (patches: readonly SpecPatch[]) => worthOfAll(patches, trainer, hasFolds);

  const found = repair === undefined ? [] : [incumbent(0, undefined, repair)];
  let [best] = await worth([{}]);
  while (trainer.modelSteps < budget && changes.length > 0) {
    const drawn = Array.from({ length: AT_ONCE }, () => draw(changes, variant, random)).filter(
      (made) => made !== undefined,
    );
    if (drawn.length === 0) break;
    const values = await worth(drawn.map(({ patch }) => patch));
    drawn.forEach((made, i) => {
      if (values[i] <= best) return;
      best = values[i];
      found.push(incumbent(trainer.modelSteps, made, repair));
    });
  }
  return found;
}

/** Every change that a cause names, whatever speaks for it. */
function allChanges(
  variant: Variant,
  known: Pick<Parameters<typeof suspectCauses>[0], "dataset" | "findings">,
): Change[] {
  const all = suspectCauses({ variant, ...known }).flatMap(({ changes }) => changes);
  return all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
}

function draw(changes: readonly Change[], variant: Variant, random: RandomState) {
  let count = 1;
  while (count < MOST_CHANGES && random.randomSample(1)[0] < 0.5) count++;
  const places = [...random.permutation(changes.length).slice(0, count)];
  try {
    const made = together(
      places.map((place) => changes[place]),
      variant,
    );
    if (made !== undefined) patched(variant, made.patch);
    return made;
  } catch {
    // Changes that do not go together are a draw that is lost.
    return undefined;
  }
}

/** Mean accuracy of each patch over the pairs. */
async function worthOfAll(
  patches: readonly SpecPatch[],
  trainer: Trainer,
  hasFolds: boolean,
): Promise<number[]> {
  const on: JudgedOn = hasFolds ? "validation" : "training";
  const places = hasFolds ? FOLDS : [null];
  const named = patches.flatMap((patch, i) =>
    places.map((fold) => {
      const inner = { testSize: FOLD_SIZE, randomState: fold };
      const onFold = fold === null ? patch : mergePatch(patch, { data: { split: { inner } } });
      return [`draw-${i}-${fold}`, onFold as SpecPatch] as const;
    }),
  );
  const seeds = hasFolds ? SEEDS : [...SEEDS, 1002, 1003];
  const { runs } = await trainer.train({ variants: Object.fromEntries(named), seeds });
  return patches.map((_, i) => {
    const ofPatch = runs.filter(({ variant }) => variant.startsWith(`draw-${i}-`));
    return mean(ofPatch.map((run) => outcomeOf(run, on).accuracy));
  });
}
