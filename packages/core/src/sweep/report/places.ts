// Trials -> their places, from 0 (the best) to 1 (the worst). A place needs no unit: losses of a
// setting that explodes are as far from the others as its neighbour in the order, and a trial without
// a value has a place too, the last.

import type { Sweep } from "../sweep.ts";
import type { SampledTrial } from "./trial-sample.ts";

/**
 * Mid-ranks, so that equals share one place. Those that were cut stand behind those that trained to
 * their end, the longer trained first, as halving itself ordered them; those without a value share
 * the last place.
 */
export function placesOf(
  { metric }: Pick<Sweep, "metric">,
  trials: readonly SampledTrial[],
): Map<SampledTrial, number> {
  const sign = metric.goal === "minimize" ? 1 : -1;
  const compare = (a: SampledTrial, b: SampledTrial) =>
    group(a) - group(b) ||
    (group(a) === CUT ? b.epochs - a.epochs : 0) ||
    (group(a) === NO_VALUE ? 0 : sign * (a.value! - b.value!));
  const ordered = trials.toSorted(compare);
  const places = new Map<SampledTrial, number>();
  for (let start = 0; start < ordered.length; ) {
    let end = start + 1;
    while (end < ordered.length && compare(ordered[start], ordered[end]) === 0) end++;
    const place = (start + end) / 2 / ordered.length;
    for (let i = start; i < end; i++) places.set(ordered[i], place);
    start = end;
  }
  return places;
}

const CUT = 1;
const NO_VALUE = 2;

function group({ value, state }: SampledTrial): number {
  if (value === null) return NO_VALUE;
  return state === "pruned" ? CUT : 0;
}
