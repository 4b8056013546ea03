// What a sweep needs of an engine, read off trials that stand for all: each value once.

import { compileMembers, loadMembersDatasets } from "../compile/compile.ts";
import { population } from "../compile/population.ts";
import { wordsOfPlan } from "../compile/words-of.ts";
import { rowsAsTable } from "./rows-as-table.ts";
import type { RunChunkOptions } from "./run-chunk.ts";
import { everyValue } from "./samples.ts";
import type { Sweep } from "./sweep.ts";
import { specWith } from "./trial-spec.ts";
import { drawTrial } from "./trials.ts";

/**
 * The words of its networks, as `wordsOfPlan` lists them.
 *
 * @throws SpecError when one of the networks cannot be computed on its data.
 */
export function sweepWords(
  sweep: Sweep,
  {
    tables: given,
    weights,
    datasets: known = new Map(),
  }: Pick<RunChunkOptions, "tables" | "weights" | "datasets"> = {},
): string[] {
  const { base, tables } = rowsAsTable(sweep.spec, given);
  const samples = [drawTrial(sweep, 0).params, ...everyValue(sweep)];
  const members = samples.map((params, i) => {
    const spec = specWith(base, params);
    return population({ ...spec, seeds: ONE_SEED, variants: { [i]: {} } })[0];
  });
  const table = loadMembersDatasets(members, tables, known, (_, path) => ["spec", ...path]);
  for (const [key, dataset] of table) known.set(key, dataset);
  return wordsOfPlan(compileMembers(members, table, weights));
}

const ONE_SEED = { training: 1, data: 1 };
