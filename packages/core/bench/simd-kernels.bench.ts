// GFLOP/s of the SIMD matmul on one core: the products of a step at batch 32, and large ones with
// rows as they come against rows that are one cache line longer (src/engine/simd/padding.ts).
//
//   npx tsx --conditions=source packages/core/bench/simd-kernels.bench.ts

/// <reference types="node" />
import { Arena } from "../src/engine/simd/arena.ts";
import { borrowKernels } from "../src/engine/simd/kernels.ts";
import { roundUp, rowBytes } from "../src/engine/simd/padding.ts";

const kernels = borrowKernels();

interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** dKernel walks down the columns of a. */
  readonly transposed?: boolean;
}

/** The best of 7 samples of about 20 ms each. */
function gflops({ rows, columns, depth, transposed = false }: Product, row = rowBytes): number {
  const arena = new Arena(kernels.memory);
  const [aRows, aColumns] = transposed ? [depth, rows] : [rows, depth];
  const place = (m: number, n: number) => {
    const count = (roundUp(m) * row(n)) / 4;
    const address = arena.allocate(count);
    arena.floats(address, count).forEach((_, i, all) => {
      all[i] = (i % 7) - 3;
    });
    return address;
  };
  const a = place(aRows, aColumns);
  const b = place(depth, columns);
  const c = place(rows, columns);
  const [aRow, aStep] = transposed ? [4, row(aColumns)] : [row(aColumns), 4];
  const [m, n] = [roundUp(rows), roundUp(columns)];
  const flops = 2 * rows * columns * depth;
  const repeats = Math.max(1, Math.round(6e8 / flops));
  let best = Infinity;
  for (let sample = 0; sample < 7; sample++) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) {
      kernels.matmul(a, aRow, aStep, b, row(columns), c, row(columns), 0, -Infinity, m, n, depth);
    }
    best = Math.min(best, performance.now() - start);
  }
  return (flops * repeats) / best / 1e6;
}

const products: [string, Product][] = [
  ["forward 32x20 . 20x64", { rows: 32, depth: 20, columns: 64 }],
  ["forward 32x64 . 64x32", { rows: 32, depth: 64, columns: 32 }],
  ["forward 32x32 . 32x1", { rows: 32, depth: 32, columns: 1 }],
  ["dInput 32x32 . 32x64", { rows: 32, depth: 32, columns: 64 }],
  ["dKernel 64x32 . 32x32", { rows: 64, depth: 32, columns: 32, transposed: true }],
  ["forward 32x128 . 128x128", { rows: 32, depth: 128, columns: 128 }],
];
for (const [name, product] of products) {
  console.log(`${name.padEnd(26)} ${gflops(product).toFixed(1)} GFLOP/s`);
}
const packed = (columns: number) => 4 * roundUp(columns);
for (const size of [128, 256, 512]) {
  const product = { rows: 256, depth: size, columns: size };
  console.log(
    `256x${size} . ${size}x${size}`.padEnd(26),
    `${gflops(product, packed).toFixed(1)} GFLOP/s packed, ${gflops(product).toFixed(1)} skewed`,
  );
}
