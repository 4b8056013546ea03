import { expect, test } from "vitest";
import { lintSpec } from "../../test/lint-case.ts";
import { changeOf, suspectOf } from "../../test/suspect-of.ts";
import type { CauseId } from "../causes/cause.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import { loadDatasets } from "../compile/compile.ts";
import { resolveVariants, type SpecPatch } from "../spec/resolve-variants.ts";
import { firstGuess } from "./first-guess.ts";

const suspect = (id: CauseId, weight: number, patch: SpecPatch) =>
  suspectOf(id, weight, { changes: [changeOf(id, patch)] });

const rate = (weight: number) =>
  suspect("learning-rate-too-low", weight, { train: { learningRate: 0.05 } });
const batch = (weight: number) => suspect("batch-size", weight, { train: { batchSize: 8 } });
const forever = suspect("too-few-epochs", 0.9, { train: { epochs: 1e7 } });

function guessed(suspects: readonly Suspect[], isIll: boolean): string | undefined {
  const spec = lintSpec({});
  const [dataset] = loadDatasets(spec).values();
  const [variant] = resolveVariants(spec);
  return firstGuess(suspects, variant, dataset, isIll)?.intervention.id;
}

test("before training only what weighs a warning is guessed, all of it together", () => {
  expect(guessed([rate(3), batch(1)], false)).toBe("learning-rate-too-low");
  expect(guessed([rate(3), batch(3)], false)).toBe("learning-rate-too-low + batch-size");
  expect(guessed([rate(2), batch(1)], false)).toBeUndefined();
});

test("of a network that is ill the likeliest is guessed, unless nobody would wait for it", () => {
  expect(guessed([rate(2), batch(1)], true)).toBe("learning-rate-too-low");
  expect(guessed([forever, batch(0.5)], true)).toBe("batch-size");
  expect(guessed([], true)).toBeUndefined();
});
