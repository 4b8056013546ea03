// Some trials that stand for all of a sweep: each value once, and trials spread over the whole.

import { endsOf } from "./ranges.ts";
import { type Axis, isActive, type Params, spaceOf, withChoice } from "./space.ts";
import type { Sweep } from "./sweep.ts";

/** Of one parameter, and of all trials: making a trial's spec takes some tenths of a millisecond. */
const MOST = 256;

/** The first trial with every value of every parameter in turn; of a range, with its ends. */
export function* everyValue(sweep: Sweep): Generator<Params, void> {
  const { axes, paramsAt } = spaceOf(sweep);
  const first = paramsAt(0);
  for (const axis of axes) {
    for (const values of someOf(valuesOf(axis)))
      yield completed(axes, withChoice(first, axis, values));
  }
}

/** With the conditions as they then are: what no longer is there goes, what is now has a first value. */
function completed(axes: readonly Axis[], wanted: Params): Params {
  return axes.reduce<Params>((params, axis) => {
    if (!isActive(axis, params)) return params;
    const own = axis.names.map((name) => wanted[name]);
    return withChoice(params, axis, axis.names[0] in wanted ? own : valuesOf(axis)[0]);
  }, {});
}

export function* spreadTrials(sweep: Sweep): Generator<Params, void> {
  const { trials, paramsAt } = spaceOf(sweep);
  const count = Math.min(trials, MOST);
  for (let i = 0; i < count; i++) yield paramsAt(Math.floor((i * trials) / count));
}

function valuesOf({ choices, range }: Axis): readonly (readonly unknown[])[] {
  return choices ?? endsOf(range!).map((value) => [value]);
}

function someOf<T>(all: readonly T[]): T[] {
  const count = Math.min(all.length, MOST);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
}
