import { expect, test } from "vitest";
import { symmetricEigenvalues } from "./symmetric-eigenvalues.ts";

const rows = (matrix: number[][]) => matrix.map((row) => Float64Array.from(row));

test.each([
  ["one number", [[3]], [3]],
  [
    "a diagonal",
    [
      [2, 0, 0],
      [0, -1, 0],
      [0, 0, 5],
    ],
    [-1, 2, 5],
  ],
  [
    "two columns that are one",
    [
      [1, 1],
      [1, 1],
    ],
    [0, 2],
  ],
  // I + J of size 3: 1, 1 and 4.
  [
    "equal eigenvalues",
    [
      [2, 1, 1],
      [1, 2, 1],
      [1, 1, 2],
    ],
    [1, 1, 4],
  ],
])("%s", (_, matrix, expected) => {
  [...symmetricEigenvalues(rows(matrix))].forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12);
  });
});

test.each([2, 7, 40])("the second difference of size %i has 2 - 2 cos(k pi / (n + 1))", (n) => {
  // Turned by a rotation of every pair of rows, so that the matrix is full.
  const matrix = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
  );
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) rotate(matrix, p, q, p + 2 * q + 1);
  }
  const expected = Array.from(
    { length: n },
    (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)),
  );
  const before = matrix.map((row) => [...row]);
  const values = [...symmetricEigenvalues(matrix)];
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12);
  });
  expect(matrix.map((row) => [...row])).toEqual(before);
});

function rotate(a: Float64Array[], p: number, q: number, angle: number): void {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  for (let j = 0; j < a.length; j++) {
    [a[p][j], a[q][j]] = [c * a[p][j] - s * a[q][j], s * a[p][j] + c * a[q][j]];
  }
}
