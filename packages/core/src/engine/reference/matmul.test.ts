import { expect, test } from "vitest";
import { uniformAt } from "../../shared/random.ts";
import { multiply } from "./matmul.ts";

const random = (seed: number, size: number) =>
  Float64Array.from({ length: size }, (_, i) => uniformAt(seed, 0, i) - 0.5);

// Sizes around the tile of 2 x 4: below, exact, one more, and primes.
test.each([
  [1, 1, 1],
  [2, 4, 3],
  [3, 5, 2],
  [7, 13, 11],
  [4, 3, 8],
])("%i rows, %i columns, depth %i, all four orders of the factors", (rows, columns, depth) => {
  const a = random(1, rows * depth);
  const b = random(2, depth * columns);
  const start = random(3, columns);
  const at =
    (matrix: Float64Array, transposed: boolean, height: number, width: number) =>
    (i: number, j: number) =>
      matrix[transposed ? j * height + i : i * width + j];
  for (const [aTransposed, bTransposed] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map((p) => p.map(Boolean))) {
    const expected = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = start[j];
        for (let k = 0; k < depth; k++) {
          sum += at(a, aTransposed, rows, depth)(i, k) * at(b, bTransposed, depth, columns)(k, j);
        }
        expected[i * columns + j] = sum;
      }
    }
    const out = new Float64Array(rows * columns);
    const [aRow, aStep] = aTransposed ? [1, rows] : [depth, 1];
    const [bColumn, bStep] = bTransposed ? [depth, 1] : [1, columns];
    multiply(out, rows, columns, depth, start, a, aRow, aStep, b, bColumn, bStep);
    expect(out).toEqual(expected);
  }
});
