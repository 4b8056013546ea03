// NumPy's legacy random numbers (`np.random.seed`, `np.random.RandomState`), value for value.
//
// NumPy has frozen this stream (NEP 19), so a call here gives what the same call gives in Python,
// as long as all calls on one generator come in the same order. Not `np.random.default_rng`.
// The order in which each method takes 32-bit words follows numpy/random: mtrand.pyx,
// legacy-distributions.c and _bounded_integers.pyx.

import { NumpyError } from "./errors.ts";
import { MersenneTwister } from "./mersenne-twister.ts";

/** A seed, or a generator to draw on from where it stands: scikit-learn's `random_state`. */
export type Seed = number | RandomState;

/** What `shuffle` and `permutation` put in another order: one element moves as a whole. */
export type Shuffleable = Float64Array | Float32Array | Int32Array | Uint32Array | unknown[];

const LARGEST_UINT32 = 2 ** 32 - 1;

export class RandomState {
  readonly #words: MersenneTwister;
  /** The second number of a Box-Muller pair, kept for the next call. */
  #cachedNormal: number | undefined;

  /** Throws NumpyError when `seed` is not an integer from 0 to 2^32 - 1. */
  constructor(seed: number) {
    checkSeed(seed);
    this.#words = new MersenneTwister(seed);
  }

  /** Starts the sequence of `seed` anew, as `np.random.seed(seed)` does. */
  seed(seed: number): void {
    checkSeed(seed);
    this.#words.seed(seed);
    this.#cachedNormal = undefined;
  }

  /** `count` numbers in [0, 1), 53 random bits each. */
  randomSample(count: number): Float64Array {
    return this.#fill(count, () => this.#words.nextDouble());
  }

  /** Numbers in [0, 1) for an array of the given shape, row-major: `rand(1000, 20)` gives 20,000. */
  rand(...shape: number[]): Float64Array {
    return this.randomSample(elementsOf(shape));
  }

  /** `count` numbers in [low, high). */
  uniform(low: number, high: number, count: number): Float64Array {
    const range = high - low;
    if (!Number.isFinite(range)) {
      throw new NumpyError(
        "NUMPY_BOUNDS",
        `uniform from ${low} to ${high} has no finite range; give two finite numbers.`,
      );
    }
    return this.#fill(count, () => low + range * this.#words.nextDouble());
  }

  /**
   * `count` integers from `low` to `high - 1`. For one range both types give the same integers:
   * legacy NumPy draws 32-bit words, masks them and rejects what is too large, and draws pairs of
   * words only for ranges beyond 2^32. int64 comes as a Float64Array of exact integers, so bounds
   * and range must stay within 2^53.
   */
  randint(low: number, high: number, count: number, dtype: "int32"): Int32Array;
  randint(low: number, high: number, count: number, dtype?: "int64"): Float64Array;
  randint(
    low: number,
    high: number,
    count: number,
    dtype: "int64" | "int32" = "int64",
  ): Float64Array | Int32Array {
    checkIntegerBounds(low, high, dtype);
    checkCount(count);
    const values = dtype === "int32" ? new Int32Array(count) : new Float64Array(count);
    const largest = high - low - 1;
    for (let i = 0; i < count; i++) values[i] = low + this.#integerUpTo(largest);
    return values;
  }

  /** `count` numbers of the standard normal distribution. */
  standardNormal(count: number): Float64Array {
    return this.#fill(count, () => this.#nextNormal());
  }

  /** Standard normal numbers for an array of the given shape, row-major. */
  randn(...shape: number[]): Float64Array {
    return this.standardNormal(elementsOf(shape));
  }

  /** `count` normal numbers with mean `loc` and standard deviation `scale` (at least 0). */
  normal(loc: number, scale: number, count: number): Float64Array {
    if (!(scale >= 0)) {
      throw new NumpyError("NUMPY_BOUNDS", `scale is ${scale}; use a number of at least 0.`);
    }
    return this.#fill(count, () => loc + scale * this.#nextNormal());
  }

  /** A Poisson number with mean `lam` (at least 0). */
  poisson(lam: number): number {
    if (!(lam >= 0)) {
      throw new NumpyError("NUMPY_BOUNDS", `lam is ${lam}; use a number of at least 0.`);
    }
    if (lam === 0) return 0;
    return lam < 10 ? this.#poissonByProducts(lam) : this.#poissonByRejection(lam);
  }

  /** Puts the elements of `values` in random order, in place (Fisher-Yates from the end). */
  shuffle(values: Shuffleable): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.#integerUpTo(i);
      const moved = values[i];
      values[i] = values[j];
      values[j] = moved;
    }
  }

  /** The integers from 0 to `count - 1` in random order, or a shuffled copy of an array. */
  permutation(count: number): Int32Array;
  permutation<Values extends Shuffleable>(values: Values): Values;
  permutation(countOrValues: number | Shuffleable): Shuffleable {
    const shuffled =
      typeof countOrValues === "number" ? integersBelow(countOrValues) : countOrValues.slice();
    this.shuffle(shuffled);
    return shuffled;
  }

  /** `count` different integers below `population`: `choice(population, count, replace=False)`. */
  choiceWithoutReplacement(population: number, count: number): Int32Array {
    checkCount(count);
    if (count > population) {
      throw new NumpyError(
        "NUMPY_COUNT",
        `${count} different values cannot be taken from ${population}; ask for at most ${population}.`,
      );
    }
    return this.permutation(population).slice(0, count);
  }

  #fill(count: number, draw: () => number): Float64Array {
    checkCount(count);
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = draw();
    return values;
  }

  /** An integer from 0 to `largest`, by masked rejection. A range of one integer takes no word. */
  #integerUpTo(largest: number): number {
    if (largest === 0) return 0;
    if (largest === LARGEST_UINT32) return this.#words.nextUint32();
    if (largest > LARGEST_UINT32) return this.#wideIntegerUpTo(largest);
    const mask = maskOf(largest);
    let value: number;
    do {
      value = (this.#words.nextUint32() & mask) >>> 0;
    } while (value > largest);
    return value;
  }

  /** The same for a range beyond 32 bits: the first word of each pair is the upper half. */
  #wideIntegerUpTo(largest: number): number {
    const mask = maskOf(Math.floor(largest / 2 ** 32));
    let value: number;
    do {
      const upper = (this.#words.nextUint32() & mask) >>> 0;
      value = upper * 2 ** 32 + this.#words.nextUint32();
    } while (value > largest);
    return value;
  }

  #poissonByProducts(lam: number): number {
    const end = Math.exp(-lam);
    let count = 0;
    for (let product = this.#words.nextDouble(); product > end; count++) {
      product *= this.#words.nextDouble();
    }
    return count;
  }

  /** Transformed rejection, PTRS of Hoermann, Insurance: Mathematics and Economics 12, 1993. */
  #poissonByRejection(lam: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(lam);
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const surelyBelow = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.#words.nextDouble() - 0.5;
      const v = this.#words.nextDouble();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + lam + 0.43);
      if (us >= 0.07 && v <= surelyBelow) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      const height = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
      if (height <= k * Math.log(lam) - lam - logFactorial(k)) return k;
    }
  }

  /**
   * Marsaglia's polar form of Box-Muller; every second call returns the number left over. The
   * logarithm is the platform's, as in NumPy: against glibc, 3 % of the numbers differ in the last
   * bits (at most 9e-16 in 200,000 numbers on V8); all other methods are equal bit for bit.
   */
  #nextNormal(): number {
    if (this.#cachedNormal !== undefined) {
      const cached = this.#cachedNormal;
      this.#cachedNormal = undefined;
      return cached;
    }
    let x: number;
    let y: number;
    let squaredRadius: number;
    do {
      x = 2 * this.#words.nextDouble() - 1;
      y = 2 * this.#words.nextDouble() - 1;
      squaredRadius = x * x + y * y;
    } while (squaredRadius >= 1 || squaredRadius === 0);
    const factor = Math.sqrt((-2 * Math.log(squaredRadius)) / squaredRadius);
    this.#cachedNormal = factor * x;
    return factor * y;
  }
}

/** The generator of a seed; a generator is passed through (`sklearn.utils.check_random_state`). */
export function randomStateOf(seed: Seed): RandomState {
  return typeof seed === "number" ? new RandomState(seed) : seed;
}

/** The smallest 2^k - 1 that is not below `largest` (1 to 2^32 - 1). */
function maskOf(largest: number): number {
  return LARGEST_UINT32 >>> Math.clz32(largest);
}

function integersBelow(count: number): Int32Array {
  checkCount(count);
  return Int32Array.from({ length: count }, (_, i) => i);
}

function elementsOf(shape: number[]): number {
  for (const length of shape) checkCount(length);
  return shape.reduce((product, length) => product * length, 1);
}

function checkSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_UINT32) {
    throw new NumpyError(
      "NUMPY_SEED",
      `seed is ${seed}; use an integer from 0 to ${LARGEST_UINT32} (2^32 - 1), as NumPy does.`,
    );
  }
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count >= 2 ** 31) {
    throw new NumpyError(
      "NUMPY_COUNT",
      `the number of values is ${count}; use an integer from 0 to 2^31 - 1.`,
    );
  }
}

function checkIntegerBounds(low: number, high: number, dtype: "int64" | "int32"): void {
  const [smallest, end] =
    dtype === "int32" ? [-(2 ** 31), 2 ** 31] : [-Number.MAX_SAFE_INTEGER, 2 ** 53];
  const fits = Number.isInteger(low) && Number.isInteger(high) && low >= smallest && high <= end;
  if (!fits || high - low > 2 ** 53) {
    throw new NumpyError(
      "NUMPY_BOUNDS",
      `randint from ${low} to ${high} does not fit ${dtype}; use integers from ${smallest} to ${end}, at most 2^53 apart.`,
    );
  }
  if (low >= high) {
    throw new NumpyError(
      "NUMPY_BOUNDS",
      `randint from ${low} to ${high} is empty; make high larger than low.`,
    );
  }
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let factor = 2; factor <= n; factor++) sum += Math.log(factor);
  return sum;
}
