// Draws of numbers: a value is a function of where its share of the range lies.

import { normalAt, uniformAt } from "../shared/random.ts";
import type { Range } from "./sweep.ts";

/** Which numbers of a stream a draw is made from. */
export interface Draw {
  readonly seed: number;
  readonly stream: number;
  readonly index: number;
}

export function drawn(range: Range, { seed, stream, index }: Draw): number {
  switch (range.kind) {
    case "normal":
      return rounded(range.mu + range.sigma * normalAt(seed, stream, index), range.q);
    case "logNormal":
      return rounded(Math.exp(range.mu + range.sigma * normalAt(seed, stream, index)), range.q);
    default:
      return valueAt(range, uniformAt(seed, stream, index));
  }
}

/** The least and the greatest value; of a normal distribution 2 standard deviations off. */
export function endsOf(range: Range): readonly [number, number] {
  switch (range.kind) {
    case "normal":
    case "logNormal": {
      const at = (sds: number) => range.mu + sds * range.sigma;
      const value = range.kind === "normal" ? at : (sds: number) => Math.exp(at(sds));
      return [rounded(value(-2), range.q), rounded(value(2), range.q)];
    }
    default:
      return [valueAt(range, 0), valueAt(range, LAST_SHARE)];
  }
}

type Bounded = Extract<Range, { min: number }>;

/** @param share In [0, 1). */
function valueAt({ kind, min, max, q }: Bounded, share: number): number {
  if (kind === "intUniform") return min + Math.floor(share * (max - min + 1));
  const value = kind === "uniform" ? min + share * (max - min) : min * (max / min) ** share;
  return rounded(value, q);
}

/** The largest number that `uniformAt` gives. */
const LAST_SHARE = 1 - 2 ** -24;

/** Digits of a drawn number: finer than any two trainings can be told apart, and short to read. */
const DIGITS = 4;

function rounded(value: number, q: number | undefined): number {
  // A multiple of 0.1 is written with the digits of 0.1.
  if (q !== undefined) return Number((Math.round(value / q) * q).toPrecision(12));
  return Number(value.toPrecision(DIGITS));
}
