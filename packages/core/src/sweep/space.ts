// The trials of a sweep as a function of their index: all combinations of a grid in order, or draws.
// Nothing is listed, so the last trial of a hundred thousand costs as much as the first.

import { canonicalJson } from "../shared/content-hash.ts";
import { permutationKeys, permutedIndex, Stream, uniformAt } from "../shared/random.ts";
import { type Draw, drawn } from "./ranges.ts";
import type { Range, Sweep, SweepParameter } from "./sweep.ts";

export type Params = Record<string, unknown>;

/** Parameters that take their values together; most often one alone. */
export interface Axis {
  readonly names: readonly string[];
  /** One value per name in each; absent: numbers are drawn. */
  readonly choices?: readonly (readonly unknown[])[];
  readonly probabilities?: readonly number[];
  readonly range?: Range;
  readonly when: readonly (readonly [string, readonly unknown[]])[];
}

export interface Space {
  readonly axes: readonly Axis[];
  /** Combinations; infinite where numbers are drawn from a range. */
  readonly combinations: number;
  readonly trials: number;
  paramsAt(index: number): Params;
}

/** Draws of a sweep that does not say run_cap. */
export const USUAL_DRAWS = 20;

export function spaceOf(sweep: Pick<Sweep, SpaceParts>): Space {
  const axes = axesOf(sweep);
  const grid = axes.every(({ choices }) => choices !== undefined) ? new Grid(axes) : undefined;
  const combinations = grid?.size ?? Number.POSITIVE_INFINITY;
  const { method, seed, runCap } = sweep;
  if (method === "grid") {
    if (grid === undefined) throw new RangeError("a grid needs values");
    const trials = Math.min(combinations, runCap ?? combinations);
    return { axes, combinations, trials, paramsAt: (index) => grid.at(index) };
  }
  // Where every combination is as likely as another, none is drawn twice.
  const isEven = axes.every(({ probabilities }) => probabilities === undefined);
  if (grid !== undefined && isEven) {
    const keys = permutationKeys(seed, 0, combinations);
    return {
      axes,
      combinations,
      trials: Math.min(combinations, runCap ?? USUAL_DRAWS),
      paramsAt: (index) => grid.at(permutedIndex(keys, index, combinations)),
    };
  }
  const paramsAt = (index: number) => drawnParams(axes, seed, index);
  return { axes, combinations, trials: runCap ?? USUAL_DRAWS, paramsAt };
}

type SpaceParts = "parameters" | "zip" | "method" | "seed" | "runCap";

/** Conditions on what is decided before them. */
function axesOf({ parameters, zip }: Pick<Sweep, "parameters" | "zip">): Axis[] {
  const zipped = new Map(zip.flatMap((names) => names.map((name) => [name, names] as const)));
  const waiting = parameters.flatMap((parameter) => {
    const names = zipped.get(parameter.name);
    if (names === undefined) return [axisOf([parameter])];
    // The axis stands where the first of its parameters does.
    const members = parameters.filter(({ name }) => names.includes(name));
    return members[0] === parameter ? [axisOf(members)] : [];
  });
  const axes: Axis[] = [];
  while (waiting.length > 0) {
    const known = new Set(axes.flatMap(({ names }) => names));
    const next = waiting.findIndex(({ when }) => when.every(([name]) => known.has(name)));
    if (next === -1) throw new RangeError("conditions that wait for each other");
    axes.push(...waiting.splice(next, 1));
  }
  return axes;
}

function axisOf(members: readonly SweepParameter[]): Axis {
  const names = members.map(({ name }) => name);
  const [{ from, when = {} }] = members;
  const conditions = Object.entries(when);
  if (from.kind !== "values") return { names, range: from, when: conditions };
  const columns = members.map((member) => (member.from as typeof from).values);
  return {
    names,
    choices: from.values.map((_, i) => columns.map((values) => values[i])),
    ...(from.probabilities ? { probabilities: from.probabilities } : {}),
    when: conditions,
  };
}

/** Whether the axis is there beside what was decided before it. */
export function isActive({ when }: Axis, params: Params): boolean {
  return when.every(
    ([name, values]) =>
      name in params &&
      values.some((value) => canonicalJson(value) === canonicalJson(params[name])),
  );
}

export function withChoice(params: Params, { names }: Axis, values: readonly unknown[]): Params {
  return { ...params, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) };
}

/** All combinations, those that a condition leaves out not counted. */
class Grid {
  readonly size: number;
  readonly #axes: readonly Axis[];
  /** Of each place: the parameters decided before it that a condition from there on asks for. */
  readonly #asked: readonly (readonly string[])[];
  readonly #sizes = new Map<string, number>();

  constructor(axes: readonly Axis[]) {
    this.#axes = axes;
    this.#asked = [...axes, undefined].map((_, place) => {
      const before = new Set(axes.slice(0, place).flatMap(({ names }) => names));
      const asked = axes.slice(place).flatMap(({ when }) => when.map(([name]) => name));
      return [...new Set(asked)].filter((name) => before.has(name));
    });
    this.size = this.#sizeFrom(0, {});
  }

  at(index: number): Params {
    let params: Params = {};
    let rest = index;
    for (const [place, axis] of this.#axes.entries()) {
      if (!isActive(axis, params)) continue;
      const choices = axis.choices!;
      let choice = 0;
      if (this.#isAskedFor(axis, place + 1)) {
        for (; choice + 1 < choices.length; choice++) {
          const size = this.#sizeFrom(place + 1, withChoice(params, axis, choices[choice]));
          if (rest < size) break;
          rest -= size;
        }
      } else {
        const size = this.#sizeFrom(place + 1, params);
        choice = Math.floor(rest / size);
        rest -= choice * size;
      }
      params = withChoice(params, axis, choices[choice]);
    }
    return params;
  }

  #isAskedFor({ names }: Axis, place: number): boolean {
    return this.#asked[place].some((name) => names.includes(name));
  }

  /** Combinations of the axes from a place on. */
  #sizeFrom(place: number, params: Params): number {
    const axis = this.#axes[place];
    if (axis === undefined) return 1;
    const asked = this.#asked[place].map((name) => (name in params ? [params[name]] : []));
    const key = `${place} ${canonicalJson(asked)}`;
    const known = this.#sizes.get(key);
    if (known !== undefined) return known;
    let size = 0;
    if (!isActive(axis, params)) size = this.#sizeFrom(place + 1, params);
    else if (!this.#isAskedFor(axis, place + 1)) {
      size = axis.choices!.length * this.#sizeFrom(place + 1, params);
    } else {
      for (const values of axis.choices!) {
        size += this.#sizeFrom(place + 1, withChoice(params, axis, values));
      }
    }
    this.#sizes.set(key, size);
    return size;
  }
}

/** Each axis has a stream of its own, in which the trial is the index. */
function drawnParams(axes: readonly Axis[], seed: number, index: number): Params {
  return axes.reduce<Params>((params, axis, place) => {
    if (!isActive(axis, params)) return params;
    const draw = { seed, stream: Stream.sweep + place, index };
    const values = axis.range ? [drawn(axis.range, draw)] : axis.choices![drawnChoice(axis, draw)];
    return withChoice(params, axis, values);
  }, {});
}

function drawnChoice({ choices = [], probabilities }: Axis, { seed, stream, index }: Draw): number {
  const share = uniformAt(seed, stream, index);
  if (probabilities === undefined) return Math.floor(share * choices.length);
  let sum = 0;
  const chosen = probabilities.findIndex((probability) => {
    sum += probability;
    return share < sum;
  });
  // Probabilities may sum to a little less than 1.
  return chosen === -1 ? probabilities.findLastIndex((probability) => probability > 0) : chosen;
}
