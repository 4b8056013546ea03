// scikit-learn's `make_circles`: a circle of class 1 inside a circle of class 0.

import { NumpyError } from "../errors.ts";
import { randomStateOf, type Seed } from "../random-state.ts";
import { addNoise, type GeneratedData, shuffleRows } from "./generated-data.ts";
import { angles, outerAndInnerRows } from "./two-curves.ts";

export interface MakeCirclesOptions {
  /** Number of rows (the inner circle gets the odd one), or rows of the outer and inner circle. Default 100. */
  rows?: number | readonly [outer: number, inner: number] | undefined;
  /** Shuffle the rows. Default true. */
  shuffle?: boolean | undefined;
  /** Standard deviation of the noise; leave it out for none. 0 draws numbers all the same. */
  noise?: number | undefined;
  /** Radius of the inner circle; that of the outer one is 1. From 0 to below 1, default 0.8. */
  factor?: number | undefined;
  /** scikit-learn's `random_state`. */
  seed: Seed;
}

/** Two columns. Throws NumpyError. */
export function makeCircles(options: MakeCirclesOptions): GeneratedData {
  const { shuffle = true, noise, factor = 0.8, seed } = options;
  if (!(factor >= 0 && factor < 1)) {
    throw new NumpyError(
      "GENERATOR_VALUE",
      `factor is ${factor}; use a number from 0 to below 1, the radius of the inner circle.`,
    );
  }
  const { outer, inner } = outerAndInnerRows(options.rows ?? 100);
  const rows = outer + inner;
  const random = randomStateOf(seed);

  const x = new Float64Array(rows * 2);
  angles(2 * Math.PI, outer, false).forEach((angle, i) => {
    x.set([Math.cos(angle), Math.sin(angle)], i * 2);
  });
  angles(2 * Math.PI, inner, false).forEach((angle, i) => {
    x.set([Math.cos(angle) * factor, Math.sin(angle) * factor], (outer + i) * 2);
  });
  let data: GeneratedData = { x, y: new Int32Array(rows).fill(1, outer), rows, columns: 2 };
  if (shuffle) data = shuffleRows(data, random);
  if (noise !== undefined) addNoise(data, noise, random);
  return data;
}
