// Numbers that carry a bound of their error: what a machine of a given precision may get for a
// value that is exactly `value`. Each operation adds what its own rounding may add to what its
// operands bring along (running error analysis: Higham, "Accuracy and Stability of Numerical
// Algorithms", chapter 3). The bounds themselves are computed in float64.
//
// What one operation may add is what WGSL allows it ("Floating Point Evaluation", in particular
// "Accuracy of Concrete Floating Point Expressions"); no other machine here does worse. An
// implementation may round up or down, so + - x are off by up to one unit in the last place, twice
// the half unit of rounding to nearest, and may flush a subnormal number to zero.

export type Precision = "float32" | "float64";

export interface Bounded {
  readonly value: number;
  /** |computed - value| is not larger. */
  readonly error: number;
}

export const ZERO: Bounded = { value: 0, error: 0 };
export const ONE: Bounded = { value: 1, error: 0 };

/** Units in the last place. Division, exp, inverseSqrt and log as the WGSL specification has them. */
const ULPS = {
  division: 2.5,
  /** 1.0 / inverseSqrt(x): 2 and 2.5, and their product. */
  squareRoot: 5,
  exp: (x: number) => 3 + 2 * x,
  /** Outside [0.5, 2]; inside, 2^-21 absolutely, which is 4 units of 1. */
  log: 3,
  logNearOne: 4,
} as const;

/**
 * Units that functions add which kernels make of the above and of polynomials, because WGSL's own
 * are too rough or missing (packages/engine-webgpu/src/kernels/math.wgsl.ts). A quotient in front
 * of a polynomial counts in full, what the polynomial adds to its leading term by its share.
 */
const COMPOSED_ULPS = {
  /** s = x / (2 + x) is 3.5, its doubled series 1 + 12 x 4%, the final sum 1. */
  log1p: 8,
  /** exp(x) - 1 where it starts to cancel, at -log(2) / 2: 3.7 units of 0.71 over 0.29, and 1. */
  expm1: 11,
  /** (1 - e) / (1 + e) where the polynomial ends, at 0.625: e's 5.5 units twice, 2.5 and 2. */
  tanh: 14,
} as const;

export class Arithmetic {
  /** One unit in the last place of 1: the largest relative error of one operation. */
  readonly ulp: number;
  /** The smallest normal number: what is below may be flushed to zero. */
  readonly tiny: number;
  readonly #precision: Precision;

  constructor(precision: Precision) {
    this.#precision = precision;
    this.ulp = precision === "float32" ? 2 ** -23 : 2 ** -52;
    this.tiny = precision === "float32" ? 2 ** -126 : 2 ** -1022;
  }

  /** A number of the recording or a constant, as the machine stores it: rounded to nearest. */
  stored(value: number): Bounded {
    if (this.#precision === "float64") return { value, error: 0 };
    const kept = Math.fround(value);
    const error = Math.abs(kept) < this.tiny ? Math.abs(value) : Math.abs(kept - value);
    return { value, error };
  }

  /** A result that is off by `carried` before it is rounded. Zero itself is never rounded. */
  rounded(value: number, carried: number, ulps = 1): Bounded {
    const size = Math.abs(value) + carried;
    if (size === 0) return ZERO;
    return { value, error: carried + ulps * this.ulp * size + this.tiny };
  }

  /** Higham's gamma: the relative error of n roundings one after the other. */
  gamma(n: number): number {
    return (n * this.ulp) / (1 - n * this.ulp);
  }

  add(a: Bounded, b: Bounded): Bounded {
    if (isZero(a)) return b;
    if (isZero(b)) return a;
    return this.rounded(a.value + b.value, a.error + b.error);
  }

  subtract(a: Bounded, b: Bounded): Bounded {
    return this.add(a, negate(b));
  }

  multiply(a: Bounded, b: Bounded): Bounded {
    if (isZero(a) || isZero(b)) return ZERO;
    if (isOne(a)) return b;
    if (isOne(b)) return a;
    const carried = Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error;
    return this.rounded(a.value * b.value, carried);
  }

  divide(a: Bounded, b: Bounded): Bounded {
    if (isZero(a)) return ZERO;
    if (isOne(b)) return a;
    const smallest = Math.abs(b.value) - b.error;
    const value = a.value / b.value;
    const carried =
      smallest > 0 ? (a.error + Math.abs(value) * b.error) / smallest : Number.POSITIVE_INFINITY;
    return this.rounded(value, carried, ULPS.division);
  }

  /** In any order of summation. */
  sum(terms: readonly Bounded[]): Bounded {
    let value = 0;
    let size = 0;
    let carried = 0;
    let count = 0;
    for (const term of terms) {
      if (isZero(term)) continue;
      value += term.value;
      size += Math.abs(term.value) + term.error;
      carried += term.error;
      count++;
    }
    if (count < 2) return { value, error: carried };
    return { value, error: carried + this.gamma(count - 1) * size + this.tiny };
  }

  squareRoot(x: Bounded): Bounded {
    return this.monotone((v) => Math.sqrt(Math.max(v, 0)), x, ULPS.squareRoot);
  }

  exp(x: Bounded): Bounded {
    return this.monotone(Math.exp, x, ULPS.exp(Math.abs(x.value) + x.error));
  }

  log(x: Bounded): Bounded {
    const { value, error } = this.monotone((v) => Math.log(Math.max(v, 0)), x, ULPS.log);
    const isNearOne = x.value + x.error >= 0.5 && x.value - x.error <= 2;
    return { value, error: error + (isNearOne ? ULPS.logNearOne * this.ulp : 0) };
  }

  log1p(x: Bounded): Bounded {
    return this.monotone(Math.log1p, x, COMPOSED_ULPS.log1p);
  }

  expm1(x: Bounded): Bounded {
    return this.monotone(Math.expm1, x, COMPOSED_ULPS.expm1);
  }

  tanh(x: Bounded): Bounded {
    return this.monotone(Math.tanh, x, COMPOSED_ULPS.tanh);
  }

  /** e / (1 + e) with e = exp(-|x|), turned round for positive x: e's error counts by 1 - result. */
  sigmoid(x: Bounded): Bounded {
    const most = Math.abs(x.value) + x.error;
    const counted = 1 / (1 + Math.exp(x.value - x.error));
    return this.monotone(
      (v) => 1 / (1 + Math.exp(-v)),
      x,
      ULPS.exp(most) * counted + 1 + ULPS.division,
    );
  }

  /** max(x, 0) + log1p(exp(-|x|)) */
  softplus(x: Bounded): Bounded {
    const correction = this.log1p(this.exp({ value: -Math.abs(x.value), error: 0 }));
    const { value, error } = this.monotone(softplus, x, 1);
    return { value, error: error + correction.error };
  }

  /** x^power of a number that is not negative: exp2(power log2(x)), as WGSL defines pow. */
  power(x: Bounded, power: number): Bounded {
    if (power === 0) return ONE;
    if (power === 1) return x;
    if (power < 0) return this.divide(ONE, this.power(x, -power));
    if (isZero(x)) return ZERO;
    const raise = (v: number) => Math.max(v, 0) ** power;
    const { value, error } = this.monotone(raise, x, 0);
    // t 2^t for t = power log2(x): its largest size for x < 1 is 1 / (e log 2), at t = -1 / log 2.
    const largest = raise(x.value + x.error);
    // What underflows here has the logarithm -Infinity, and its product with 0 is no number.
    const product = largest > 0 ? Math.abs(Math.log2(largest)) * largest : 0;
    const exponent = Math.max(1 / (Math.E * Math.LN2), product);
    const roundings =
      (ULPS.exp(0) + Math.LN2 * ULPS.logNearOne * power) * largest +
      (2 + Math.LN2 * (ULPS.log + 1)) * exponent;
    return { value, error: error + roundings * this.ulp + this.tiny };
  }

  /** A function that rises or falls everywhere: its ends bound what it carries. */
  monotone(f: (x: number) => number, x: Bounded, ulps: number): Bounded {
    const value = f(x.value);
    if (x.error === 0) return this.rounded(value, 0, ulps);
    const ends = [f(x.value - x.error), f(x.value + x.error)];
    const carried = Math.max(...ends.map((end) => Math.abs(end - value)));
    return this.rounded(value, carried, ulps);
  }
}

/** Exactly zero, such as what a relu or a mask has cut off: no rounding makes it anything else. */
export function isZero({ value, error }: Bounded): boolean {
  return value === 0 && error === 0;
}

function isOne({ value, error }: Bounded): boolean {
  return value === 1 && error === 0;
}

export function negate({ value, error }: Bounded): Bounded {
  return { value: -value, error };
}

export function absolute({ value, error }: Bounded): Bounded {
  return { value: Math.abs(value), error };
}

/** `low` or `high` where a number is outside; never farther off than the three are. */
export function clamp(x: Bounded, low: Bounded, high: Bounded): Bounded {
  const value = Math.min(Math.max(x.value, low.value), high.value);
  if (x.value + x.error < low.value - low.error) return { value, error: low.error };
  if (x.value - x.error > high.value + high.error) return { value, error: high.error };
  return { value, error: Math.max(x.error, low.error, high.error) };
}

/**
 * One of two results by whether x > 0. Where x is within its error of 0 a machine may take either,
 * and both are within the bound.
 */
export function branch(x: Bounded, positive: () => Bounded, other: () => Bounded): Bounded {
  if (x.value - x.error > 0) return positive();
  if (x.value + x.error <= 0) return other();
  const [a, b] = x.value > 0 ? [positive(), other()] : [other(), positive()];
  return { value: a.value, error: Math.max(a.error, Math.abs(b.value - a.value) + b.error) };
}

/** Math.sign; -1 to 1 where x is within its error of 0. */
export function sign(x: Bounded): Bounded {
  const value = Math.sign(x.value);
  return { value, error: Math.abs(x.value) > x.error || x.error === 0 ? 0 : 1 + Math.abs(value) };
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
