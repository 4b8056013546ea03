/// <reference types="node" />
import { createHash } from "node:crypto";
import numpy from "@convergence-lab/test-fixtures/reference/numpy.json" with { type: "json" };
import more from "@convergence-lab/test-fixtures/reference/random-state.json" with { type: "json" };
import { describe, expect, test } from "vitest";
import { RandomState } from "./random-state.ts";

describe.each(numpy.random_state)("one generator of seed $seed, in call order", (expected) => {
  const random = new RandomState(expected.seed);

  test("all but the normal numbers are equal bit for bit", () => {
    expect([...random.randomSample(5)]).toEqual(expected.random_sample);
    expect([...random.randint(0, 2, 10, "int64")]).toEqual(expected.randint_0_2_int64);
    expect([...random.randint(0, 10, 10)]).toEqual(expected.randint_0_10);
    expect([...random.permutation(10)]).toEqual(expected.permutation_10);
    expectNear(random.standardNormal(5), expected.standard_normal);
    expect([...random.uniform(-1, 1, 3)]).toEqual(expected["uniform_-1_1"]);
    expectNear(random.randn(2, 2), expected.randn_2x2);
  });
});

test("other methods, wide ranges and int32, in call order on one generator", () => {
  const random = new RandomState(more.seed);
  for (const { method, arguments: given, values, dtype } of more.calls) {
    const [a, b, c] = given as number[];
    const drawn: Record<string, () => Float64Array | Int32Array> = {
      randint: () =>
        dtype === "int32" ? random.randint(a, b, c, "int32") : random.randint(a, b, c),
      standard_normal: () => random.standardNormal(a),
      random_sample: () => random.randomSample(a),
      normal: () => random.normal(a, b, c),
      uniform: () => random.uniform(a, b, c),
      permutation: () => random.permutation(a),
      rand: () => random.rand(a, b),
      randn: () => random.randn(a, b),
      choice: () => random.choiceWithoutReplacement(a, b),
    };
    expectNear(drawn[method](), values);
  }
});

test.each(more.digests)(
  "digests of long sequences of seed $seed",
  ({ seed, sha256_little_endian }) => {
    const random = new RandomState(seed);
    expect({
      random_sample_100000_f64: sha256(random.randomSample(100_000)),
      randint_0_1000_100000_i32: sha256(random.randint(0, 1000, 100_000, "int32")),
      permutation_100000_i32: sha256(random.permutation(100_000)),
    }).toEqual(sha256_little_endian);
  },
);

test("seed starts the sequence anew and forgets the cached normal number", () => {
  const random = new RandomState(3);
  const first = random.standardNormal(3);
  random.seed(3);
  expect(random.standardNormal(3)).toEqual(first);
});

test("int32 and int64 give the same integers", () => {
  const wide = new RandomState(8).randint(-7, 90, 50);
  expect([...new RandomState(8).randint(-7, 90, 50, "int32")]).toEqual([...wide]);
});

test("permutation of an array copies it, shuffle does not", () => {
  const names = ["a", "b", "c", "d", "e"];
  const shuffled = new RandomState(0).permutation(names);
  expect(names.join("")).toBe("abcde");
  new RandomState(0).shuffle(names);
  expect(names).toEqual(shuffled);
});

test.each([
  [
    () => new RandomState(-1),
    "seed is -1; use an integer from 0 to 4294967295 (2^32 - 1), as NumPy does.",
  ],
  [
    () => new RandomState(1).rand(2, -1),
    "the number of values is -1; use an integer from 0 to 2^31 - 1.",
  ],
  [
    () => new RandomState(1).randint(4, 4, 1),
    "randint from 4 to 4 is empty; make high larger than low.",
  ],
  [
    () => new RandomState(1).randint(0, 2 ** 31 + 1, 1, "int32"),
    "randint from 0 to 2147483649 does not fit int32; use integers from -2147483648 to 2147483648, at most 2^53 apart.",
  ],
  [
    () => new RandomState(1).uniform(0, Infinity, 1),
    "uniform from 0 to Infinity has no finite range; give two finite numbers.",
  ],
  [() => new RandomState(1).normal(0, -1, 1), "scale is -1; use a number of at least 0."],
  [
    () => new RandomState(1).choiceWithoutReplacement(3, 4),
    "4 different values cannot be taken from 3; ask for at most 3.",
  ],
])("%o is refused: %s", (call, message) => {
  expect(call).toThrow(message);
});

/** Integers must be equal; the platform's logarithm moves normal numbers in their last bits. */
function expectNear(actual: Float64Array | Int32Array, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  const differences = expected.map((value, i) => Math.abs(actual[i] - value));
  expect(Math.max(...differences)).toBeLessThan(5e-15);
}

function sha256(values: Float64Array | Int32Array): string {
  return createHash("sha256").update(values).digest("hex");
}
