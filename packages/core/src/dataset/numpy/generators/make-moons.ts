// scikit-learn's `make_moons`: two half circles that reach into each other.

import { randomStateOf, type Seed } from "../random-state.ts";
import { addNoise, type GeneratedData, shuffleRows } from "./generated-data.ts";
import { angles, outerAndInnerRows } from "./two-curves.ts";

export interface MakeMoonsOptions {
  /** Number of rows (the lower moon gets the odd one), or rows of the upper and lower moon. Default 100. */
  rows?: number | readonly [upper: number, lower: number] | undefined;
  /** Shuffle the rows. Default true. */
  shuffle?: boolean | undefined;
  /** Standard deviation of the noise; leave it out for none. 0 draws numbers all the same. */
  noise?: number | undefined;
  /** scikit-learn's `random_state`. */
  seed: Seed;
}

/** Two columns; class 0 is the upper moon, class 1 the lower. Throws NumpyError. */
export function makeMoons(options: MakeMoonsOptions): GeneratedData {
  const { shuffle = true, noise, seed } = options;
  const { outer: upper, inner: lower } = outerAndInnerRows(options.rows ?? 100);
  const rows = upper + lower;
  const random = randomStateOf(seed);

  const x = new Float64Array(rows * 2);
  angles(Math.PI, upper, true).forEach((angle, i) => {
    x.set([Math.cos(angle), Math.sin(angle)], i * 2);
  });
  angles(Math.PI, lower, true).forEach((angle, i) => {
    x.set([1 - Math.cos(angle), 1 - Math.sin(angle) - 0.5], (upper + i) * 2);
  });
  let data: GeneratedData = { x, y: new Int32Array(rows).fill(1, upper), rows, columns: 2 };
  if (shuffle) data = shuffleRows(data, random);
  if (noise !== undefined) addNoise(data, noise, random);
  return data;
}
