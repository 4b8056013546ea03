// The hot loop of the reference engine: one matrix product by strides, which forward, weight
// gradient and input gradient of a dense layer all are.
//
//   out[row, column] = start[column] + sum over k of a(row, k) * b(k, column)
//
//   out            (rows, columns)   row-major
//   a(row, k)      a[row * aRow + k * aStep]
//   b(k, column)   b[k * bStep + column * bColumn]
//   start          (columns)         null means zero
//
// A tile of 2 rows and 4 columns shares 6 loads between 8 products; what is left at the edges goes
// one element at a time. Either way an element is one sum in double, k ascending, rounded once, so
// its value does not depend on the tile it fell into.

import type { Tensor } from "./tensor.ts";

export function multiply(
  out: Tensor,
  rows: number,
  columns: number,
  depth: number,
  start: Tensor | null,
  a: Tensor,
  aRow: number,
  aStep: number,
  b: Tensor,
  bColumn: number,
  bStep: number,
): void {
  const tiledRows = rows - (rows % 2);
  const tiledColumns = columns - (columns % 4);
  for (let column = 0; column < tiledColumns; column += 4) {
    const start0 = start === null ? 0 : start[column];
    const start1 = start === null ? 0 : start[column + 1];
    const start2 = start === null ? 0 : start[column + 2];
    const start3 = start === null ? 0 : start[column + 3];
    for (let row = 0; row < tiledRows; row += 2) {
      let sum00 = start0;
      let sum01 = start1;
      let sum02 = start2;
      let sum03 = start3;
      let sum10 = start0;
      let sum11 = start1;
      let sum12 = start2;
      let sum13 = start3;
      let i = row * aRow;
      let j = column * bColumn;
      for (let k = 0; k < depth; k++) {
        const a0 = a[i];
        const a1 = a[i + aRow];
        const b0 = b[j];
        const b1 = b[j + bColumn];
        const b2 = b[j + 2 * bColumn];
        const b3 = b[j + 3 * bColumn];
        sum00 += a0 * b0;
        sum01 += a0 * b1;
        sum02 += a0 * b2;
        sum03 += a0 * b3;
        sum10 += a1 * b0;
        sum11 += a1 * b1;
        sum12 += a1 * b2;
        sum13 += a1 * b3;
        i += aStep;
        j += bStep;
      }
      const first = row * columns + column;
      out[first] = sum00;
      out[first + 1] = sum01;
      out[first + 2] = sum02;
      out[first + 3] = sum03;
      const second = first + columns;
      out[second] = sum10;
      out[second + 1] = sum11;
      out[second + 2] = sum12;
      out[second + 3] = sum13;
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let column = row < tiledRows ? tiledColumns : 0; column < columns; column++) {
      let sum = start === null ? 0 : start[column];
      let i = row * aRow;
      let j = column * bColumn;
      for (let k = 0; k < depth; k++) {
        sum += a[i] * b[j];
        i += aStep;
        j += bStep;
      }
      out[row * columns + column] = sum;
    }
  }
}
