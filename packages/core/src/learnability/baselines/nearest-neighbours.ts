// Nearest neighbours: the share of each class among the closest rows. Sees any shape of class that
// a few columns tell; many columns of noise hide it.

import type { Baseline } from "../baseline.ts";
import type { FeatureTable } from "../feature-table.ts";

/** Enough for a share, few enough for a corner of a class; a quarter of the rows at most. */
const NEIGHBOURS = 15;

export const nearestNeighbours: Baseline = {
  name: "nearest neighbours",
  prepare(table, { from, about }) {
    const { classes } = table;
    const k = neighbourCount(from.length);
    const near = neighbours(table, from, about, k);
    return (labels) => {
      const votes = new Float64Array(about.length * classes);
      near.forEach((row, i) => {
        votes[Math.floor(i / k) * classes + labels[row]] += 1 / k;
      });
      return votes;
    };
  },
};

export function neighbourCount(rows: number): number {
  return Math.max(1, Math.min(NEIGHBOURS, Math.floor(rows / 4)));
}

/** For each row of `about` the `k` closest rows of `from`, itself left out, closest first. */
export function neighbours(
  { x, columns }: FeatureTable,
  from: Int32Array,
  about: Int32Array,
  k: number,
): Int32Array {
  const found = new Int32Array(about.length * k);
  const distances = new Float64Array(k);
  about.forEach((row, i) => {
    distances.fill(Number.POSITIVE_INFINITY);
    const nearest = found.subarray(i * k, (i + 1) * k);
    for (const other of from) {
      if (other === row) continue;
      const distance = squaredDistance(
        x,
        row * columns,
        other * columns,
        columns,
        distances[k - 1],
      );
      if (!(distance < distances[k - 1])) continue;
      let place = k - 1;
      while (place > 0 && distances[place - 1] > distance) {
        distances[place] = distances[place - 1];
        nearest[place] = nearest[place - 1];
        place--;
      }
      distances[place] = distance;
      nearest[place] = other;
    }
  });
  return found;
}

/** Stops where the sum has passed what would count. */
function squaredDistance(
  x: Float32Array,
  a: number,
  b: number,
  columns: number,
  most: number,
): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    const difference = x[a + j] - x[b + j];
    sum += difference * difference;
    if (sum >= most) return sum;
  }
  return sum;
}
