import { NumpyError } from "../errors.ts";
import type { RandomState } from "../random-state.ts";

/** A generated classification problem. */
export interface GeneratedData {
  /** The features, (rows, columns), row-major. */
  x: Float64Array;
  /** The class of each row, from 0. */
  y: Int32Array;
  rows: number;
  columns: number;
}

/** The same rows in random order, labels along with them (`sklearn.utils.shuffle`). */
export function shuffleRows(data: GeneratedData, random: RandomState): GeneratedData {
  const { rows, columns } = data;
  const order = random.permutation(rows);
  const x = new Float64Array(rows * columns);
  order.forEach((from, to) => {
    x.set(data.x.subarray(from * columns, (from + 1) * columns), to * columns);
  });
  return { x, y: Int32Array.from(order, (from) => data.y[from]), rows, columns };
}

/** Adds normal noise of the given standard deviation to every feature, in place. */
export function addNoise(data: GeneratedData, noise: number, random: RandomState): void {
  checkSpread("noise", noise);
  const added = random.normal(0, noise, data.x.length);
  for (let i = 0; i < added.length; i++) data.x[i] += added[i];
}

export function checkRowCount(name: string, rows: number): void {
  if (!Number.isInteger(rows) || rows < 0) {
    throw new NumpyError("GENERATOR_ROWS", `${name} is ${rows}; use an integer of at least 0.`);
  }
}

/** A standard deviation must be a number of at least 0. */
export function checkSpread(name: string, spread: number): void {
  if (!(spread >= 0)) {
    throw new NumpyError("GENERATOR_VALUE", `${name} is ${spread}; use a number of at least 0.`);
  }
}
