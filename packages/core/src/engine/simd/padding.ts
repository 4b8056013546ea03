// How much room a row takes: kernels load and store vectors of 4 numbers.

/** The next multiple of 4. */
export function roundUp(count: number): number {
  return (count + 3) & ~3;
}

/** Bytes from one row of a matrix with `columns` columns to the next. */
export function rowBytes(columns: number): number {
  const padded = roundUp(columns);
  return 4 * (padded % SKEWED_MULTIPLE === 0 ? padded + SKEW : padded);
}

/**
 * Rows that lie a multiple of 512 bytes apart share few cache sets, and a tile that walks down a
 * column of them evicts itself; one more cache line per row spreads them. Measured: 512 x 512
 * products 41 instead of 29 GFLOP/s, 128 x 128 no slower (bench/simd-kernels.bench.ts).
 */
const SKEWED_MULTIPLE = 128;
const SKEW = 16;
