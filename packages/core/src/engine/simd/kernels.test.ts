// Each kernel against plain float64, on shapes that fill no tile and no vector. The bound of a sum
// is that of recursive summation: |error| <= (terms + 1) 2^-24 sum |terms| (Higham, "Accuracy and
// Stability of Numerical Algorithms", 2002, section 4.2, with one rounding more for each product).

import { afterAll, describe, expect, test } from "vitest";
import { normalAt, permutationKeys, permutedIndex, uniformAt } from "../../shared/random.ts";
import { Arena, START } from "./arena.ts";
import { borrowKernels, returnKernels } from "./kernels.ts";
import { roundUp, rowBytes } from "./padding.ts";

const kernels = borrowKernels();
// Room for every case, so that no view is detached by growth.
kernels.memory.grow(64);
afterAll(() => returnKernels(kernels));

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 13, 31, 33, 64, 128, 257];

/** A padded matrix in linear memory, and its true content. */
interface Matrix {
  readonly address: number;
  readonly rowBytes: number;
  readonly at: (row: number, column: number) => number;
}

function matrix(arena: Arena, rows: number, columns: number, seed: number): Matrix {
  const bytes = rowBytes(columns);
  const address = arena.allocate((roundUp(rows) * bytes) / 4);
  for (let row = 0; row < rows; row++) {
    const view = arena.floats(address + row * bytes, columns);
    for (let column = 0; column < columns; column++) {
      view[column] = 2 * uniformAt(seed, row, column) - 1;
    }
  }
  const all = arena.floats(address, (rows * bytes) / 4);
  return { address, rowBytes: bytes, at: (row, column) => all[(row * bytes) / 4 + column] };
}

describe("matmul", () => {
  const shapes = SIZES.map((size, i) => {
    const n = SIZES.length;
    return [size, SIZES[(i * 5 + 3) % n], SIZES[(i * 9 + 7) % n]] as const;
  });
  test.each(shapes)(
    "%i x %i x %i, either way through a, padding untouched",
    (rows, depth, cols) => {
      const arena = new Arena(kernels.memory);
      const a = matrix(arena, rows, depth, 1);
      const aTransposed = matrix(arena, depth, rows, 2);
      const b = matrix(arena, depth, cols, 3);
      const bias = matrix(arena, 1, cols, 4);
      const c = matrix(arena, rows, cols, 5);
      const { address, rowBytes: cRow } = c;
      const n = roundUp(cols);
      const cases = [
        { at: a.at, start: a.address, row: a.rowBytes, step: 4 },
        {
          at: (r: number, k: number) => aTransposed.at(k, r),
          start: aTransposed.address,
          row: 4,
          step: aTransposed.rowBytes,
        },
      ];
      for (const { at, start, row, step } of cases) {
        for (const floor of [-Infinity, 0]) {
          kernels.matmul(
            start,
            row,
            step,
            b.address,
            b.rowBytes,
            address,
            cRow,
            bias.address,
            floor,
            rows,
            n,
            depth,
          );
          let worst = 0;
          for (let r = 0; r < rows; r++) {
            for (let j = 0; j < cols; j++) {
              let sum = bias.at(0, j);
              let size = Math.abs(sum);
              for (let k = 0; k < depth; k++) {
                sum += at(r, k) * b.at(k, j);
                size += Math.abs(at(r, k) * b.at(k, j));
              }
              worst = Math.max(worst, Math.abs(c.at(r, j) - Math.max(sum, floor)) / size);
            }
          }
          expect(worst).toBeLessThanOrEqual((depth + 1) * 2 ** -24);
          for (let r = 0; r < rows; r++) {
            const padding = arena.floats(address + r * cRow, cRow / 4).subarray(cols);
            expect(padding.every((value) => value === 0)).toBe(true);
          }
        }
      }
    },
  );

  test("a row alone is the same row among others, bit for bit", () => {
    const arena = new Arena(kernels.memory);
    const a = matrix(arena, 8, 7, 1);
    const b = matrix(arena, 7, 13, 2);
    const c = matrix(arena, 8, 13, 3);
    const product = (row: number, rows: number) => {
      const from = a.address + row * a.rowBytes;
      const to = c.address + row * c.rowBytes;
      kernels.matmul(
        from,
        a.rowBytes,
        4,
        b.address,
        b.rowBytes,
        to,
        c.rowBytes,
        0,
        -Infinity,
        rows,
        roundUp(13),
        7,
      );
      return Array.from(arena.floats(to, 13));
    };
    for (const row of [0, 1, 7]) {
      const alone = product(row, 1);
      product(0, 8);
      const among = Array.from(arena.floats(c.address + row * c.rowBytes, 13));
      expect(alone).toEqual(among);
    }
  });

  // b takes 1 MB and more, and so is packed 16 columns at a time.
  test.each([
    [16, 256, 1021],
    [17, 257, 1024],
    [19, 513, 513],
    [21, 4100, 72],
    [18, 8192, 36],
    [16, 8193, 36],
  ])(
    "%i x %i x %i in packed columns is the same as row by row, bit for bit",
    (rows, depth, cols) => {
      const arena = new Arena(kernels.memory);
      const a = matrix(arena, rows, depth, 1);
      const b = matrix(arena, depth, cols, 3);
      const bias = matrix(arena, 1, cols, 4);
      for (const start of [0, bias.address]) {
        const c = arena.allocate((roundUp(rows) * b.rowBytes) / 4);
        const multiply = (first: number, count: number) =>
          kernels.matmul(
            a.address + first * a.rowBytes,
            a.rowBytes,
            4,
            b.address,
            b.rowBytes,
            c + first * b.rowBytes,
            b.rowBytes,
            start,
            start === 0 ? Number.NEGATIVE_INFINITY : 0,
            count,
            roundUp(cols),
            depth,
          );
        multiply(0, rows);
        const whole = arena.floats(c, (rows * b.rowBytes) / 4).slice();
        for (let row = 0; row < rows; row++) multiply(row, 1);
        expect(arena.floats(c, whole.length)).toEqual(whole);
      }
    },
  );

  test("what products pack into lies below what the arena gives out", () => {
    expect(kernels.heapBase()).toBeLessThanOrEqual(START);
  });

  test("relu keeps NaN", () => {
    const arena = new Arena(kernels.memory);
    const a = matrix(arena, 4, 1, 1);
    const b = matrix(arena, 1, 4, 2);
    arena.floats(a.address, 1)[0] = Number.NaN;
    kernels.matmul(
      a.address,
      a.rowBytes,
      4,
      b.address,
      b.rowBytes,
      b.address,
      b.rowBytes,
      0,
      0,
      4,
      4,
      1,
    );
    expect(b.at(0, 0)).toBeNaN();
  });
});

test.each(SIZES)("transpose and column sums of %i columns", (columns) => {
  const arena = new Arena(kernels.memory);
  const rows = 13;
  const a = matrix(arena, rows, columns, 1);
  const b = matrix(arena, columns, rows, 2);
  kernels.transpose(a.address, a.rowBytes, b.address, b.rowBytes, roundUp(rows), roundUp(columns));
  const sums = arena.allocate(roundUp(columns));
  kernels.columnSums(a.address, a.rowBytes, sums, rows, roundUp(columns));
  for (let column = 0; column < columns; column++) {
    const values = Array.from({ length: rows }, (_, row) => a.at(row, column));
    expect(Array.from({ length: rows }, (_, row) => b.at(column, row))).toEqual(values);
    const error = arena.floats(sums, columns)[column] - values.reduce((s, v) => s + v, 0);
    const size = values.reduce((s, v) => s + Math.abs(v), 0);
    expect(Math.abs(error)).toBeLessThanOrEqual(rows * 2 ** -24 * size);
  }
});

test.each([1, 2, 3, 5, 32, 800, 100_003])("the permutation of %i rows is random.ts's", (total) => {
  const arena = new Arena(kernels.memory);
  const words = permutationKeys(7, 3, total);
  const keys = arena.allocate(words.length);
  arena.words(keys, words.length).set(words);
  const indices = arena.allocate(40);
  for (const first of [0, Math.floor(total / 2), total - 1]) {
    const count = Math.min(37, total - first);
    kernels.permutedIndices(keys, first, count, total, indices);
    expect(Array.from(arena.words(indices, count))).toEqual(
      Array.from({ length: count }, (_, i) => permutedIndex(words, first + i, total)),
    );
  }
});

test.each([1, 2, 3, 4, 5, 20])("rows of %i inputs are gathered, their padding zeroed", (inputs) => {
  const arena = new Arena(kernels.memory);
  const rows = [4, 0, 2, 2];
  const x = arena.allocate(5 * inputs + 4);
  arena.floats(x, 5 * inputs + 4).forEach((_, i, all) => {
    all[i] = i + 1;
  });
  const indices = arena.allocate(rows.length);
  arena.words(indices, rows.length).set(rows);
  const bytes = rowBytes(inputs);
  const batch = arena.allocate((rows.length * bytes) / 4);
  kernels.gatherRows(x, inputs, indices, rows.length, batch, bytes);
  rows.forEach((row, i) => {
    const expected = Array.from({ length: bytes / 4 }, (_, c) =>
      c < inputs ? row * inputs + c + 1 : 0,
    );
    expect(Array.from(arena.floats(batch + i * bytes, bytes / 4))).toEqual(expected);
  });
});

test("squares are summed in float64", () => {
  const w = matrix(new Arena(kernels.memory), 1, 257, 1);
  const values = Array.from({ length: 257 }, (_, i) => w.at(0, i));
  const expected = values.reduce((sum, value) => sum + value * value, 0);
  expect(kernels.squares(w.address, roundUp(257))).toBeCloseTo(expected, 12);
});

test("the penalty is summed in float64", () => {
  const arena = new Arena(kernels.memory);
  const w = matrix(arena, 1, 257, 1);
  let expected = 0;
  for (let i = 0; i < 257; i++) expected += 0.1 * Math.abs(w.at(0, i)) + 0.2 * w.at(0, i) ** 2;
  expect(kernels.penalty(w.address, roundUp(257), 0.1, 0.2)).toBeCloseTo(expected, 12);
});

test.each([1, 7, 8, 9, 300])("%i uniform numbers are random.ts's, bit for bit", (count) => {
  const arena = new Arena(kernels.memory);
  const out = arena.allocate(roundUp(count) + 8);
  for (const [seed, stream, step] of [
    [0, 0x3000, 0],
    [2 ** 32 - 1, 0x3007, 12345],
  ]) {
    kernels.uniforms(seed, stream, step, out, count);
    const expected = Float32Array.from({ length: count }, (_, i) =>
      uniformAt(seed, stream, i, step),
    );
    expect(arena.floats(out, count)).toEqual(expected);
  }
});

test("100,000 normal numbers are random.ts's to 2e-6", () => {
  const arena = new Arena(kernels.memory);
  const count = 100_000;
  const out = arena.allocate(count + 8);
  kernels.normals(7, 0x4001, 3, out, count);
  const actual = arena.floats(out, count);
  const worst = actual.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - normalAt(7, 0x4001, i, 3))),
    0,
  );
  expect(worst).toBeLessThanOrEqual(2e-6);
});

// A unit that has died has gradients of 0 for good, and one that knows its rows by heart tiny ones.
describe.each([0, 1e-20, 1e-36, -3e-38])("with gradients of %f", (gradient) => {
  const SMALLEST_NORMAL = 2 ** -126;
  type Update = (at: number, g: number, one: number, other: number) => void;
  const states = (update: Update) => {
    const arena = new Arena(kernels.memory);
    const [at, g, one, other] = [4, 4, 4, 4].map((count) => arena.allocate(count));
    arena.floats(g, 4).fill(gradient);
    const seen: number[] = [];
    for (const start of [1e-20, 1e-30, -1e-34, 2e-37]) {
      arena.floats(one, 4).fill(start);
      arena.floats(other, 4).fill(Math.abs(start));
      for (let step = 0; step < 300; step++) {
        update(at, g, one, other);
        seen.push(arena.floats(one, 4)[0], arena.floats(other, 4)[0]);
      }
    }
    return seen;
  };
  const UPDATES: readonly (readonly [string, Update])[] = [
    ["sgd with momentum", (at, g, one) => kernels.sgdMomentum(at, g, one, 4, 0.1, 0.9, false)],
    ["adam", (at, g, one, other) => kernels.adam(at, g, one, other, 4, 0.1, 0.1, 0.001, 1e-7)],
    [
      "nadam",
      (at, g, one, other) => kernels.nadam(at, g, one, other, 4, 0.1, 0.1, 0.1, 0.001, 1, 1e-7),
    ],
    ["adamax", (at, g, one, other) => kernels.adamax(at, g, one, other, 4, 0.1, 0.1, 0.999, 1e-7)],
    [
      "rmsprop",
      (at, g, one, other) => kernels.rmsprop(at, g, other, 0, one, 4, 0.1, 0.9, 0.1, 1e-7, 0.9),
    ],
    ["lion", (at, g, one) => kernels.lion(at, g, one, 4, 0.1, 0.9, 0.1, 0.99, 0.01)],
  ];

  test.each(UPDATES)("the state of %s is never subnormal", (_, update) => {
    const small = states(update).filter(
      (value) => value !== 0 && Math.abs(value) < SMALLEST_NORMAL,
    );
    expect(small).toEqual([]);
  });
});

// A vector with a number close to 0 goes another way than one without.
test.each(["adam", "amsgrad", "nadam"])(
  "%s gives a number the same bits whatever stands beside it",
  (name) => {
    const arena = new Arena(kernels.memory);
    const [at, g, mean, square, largest] = [4, 4, 4, 4, 4].map((count) => arena.allocate(count));
    const rates = [0.1, 0.1, 0.001, 1e-7] as const;
    const step = () => {
      if (name === "amsgrad") kernels.amsgrad(at, g, mean, square, largest, 4, ...rates);
      else if (name === "adam") kernels.adam(at, g, mean, square, 4, ...rates);
      else kernels.nadam(at, g, mean, square, 4, 0.1, 0.1, 0.1, 0.001, 1.3, 1e-7);
    };
    const after = (last: number) => {
      for (const address of [at, mean, square, largest]) arena.floats(address, 4).fill(0);
      for (let i = 0; i < 200; i++) {
        const gradient = (k: number) => normalAt(1, k, i) * 10 ** (-6 * uniformAt(2, k, i));
        arena.floats(g, 4).set([gradient(0), i % 3 === 0 ? 0 : gradient(1), gradient(2), last]);
        step();
      }
      return [at, mean, square].map((address) => [...arena.words(address, 3)]);
    };
    expect(after(1e-30)).toEqual(after(0.5));
  },
);
