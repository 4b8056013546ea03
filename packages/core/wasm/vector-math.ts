// Elementary functions of four float32 numbers at once.
//
// Coefficients and their errors come from fit-polynomials.py; the errors stated here include
// float32 rounding and are what vector-math.test.ts measures against float64. NaN gives NaN.

/** e^x, at most 2 ulp; gradual underflow, 0 below -104, infinity above 88.73. */
export function exp(x: v128): v128 {
  return expUpTo104(f32x4.pmin(x, constant(MOST)));
}

/** e^x for x <= 0, at most 2 ulp; gradual underflow, 0 below -104. */
export function expNonPositive(x: v128): v128 {
  return expUpTo104(x);
}

/** e^x - 1 for x <= 0, at most 2 ulp: no cancellation near 0. */
export function expm1NonPositive(x: v128): v128 {
  const clamped = f32x4.pmax(x, constant(LEAST));
  const shifted = powerOfTwo(clamped);
  const small = expm1Reduced(reduced(clamped, shifted));
  const power = scale(f32x4.add(constant(ONE), small), shifted);
  const direct = f32x4.sub(power, constant(ONE));
  return v128.bitselect(small, direct, f32x4.eq(shifted, constant(SHIFT)));
}

/** log(1 + x) for 0 <= x <= 1, at most 3 ulp. */
export function log1pUnit(x: v128): v128 {
  return logRatio(f32x4.div(x, f32x4.add(constant(TWO), x)));
}

/** log x for normal positive x, at most 3 ulp and 1e-7 absolute near 1. */
export function log(x: v128): v128 {
  // The mantissa lies in [sqrt(1/2), sqrt(2)), the exponent takes the rest.
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(bits, 23);
  const mantissa = i32x4.sub(x, i32x4.shl(exponent, 23));
  const f = f32x4.sub(mantissa, constant(ONE));
  const ratio = logRatio(f32x4.div(f, f32x4.add(constant(TWO), f)));
  const n = f32x4.convert_i32x4_s(exponent);
  const low = f32x4.add(f32x4.mul(n, constant(LOG2_LOW)), ratio);
  const result = f32x4.add(f32x4.mul(n, constant(LOG2_HIGH)), low);
  // NaN and infinity have no exponent of their own; both are their own logarithm.
  return v128.bitselect(result, x, f32x4.lt(x, f32x4.splat(Infinity)));
}

/** tanh x, at most 3 ulp. */
export function tanh(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let p = constant(TANH);
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 1));
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 2));
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 3));
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 4));
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(p, square), x));

  const size = f32x4.abs(x);
  const one = constant(ONE);
  const e = expNonPositive(f32x4.mul(size, constant(MINUS_TWO)));
  const far = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const signed = v128.bitselect(x, far, constant(SIGN));
  return v128.bitselect(near, signed, f32x4.lt(size, constant(TANH_NEAR)));
}

/** 1 / (1 + e^-x), at most 3 ulp. */
export function sigmoid(x: v128): v128 {
  const e = expNonPositive(negativeSize(x));
  const one = constant(ONE);
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}

/** log(1 + e^x), at most 3 ulp for x <= 0 and 2 ulp above. */
export function softplus(x: v128): v128 {
  const e = expNonPositive(negativeSize(x));
  return f32x4.add(positivePart(x), log1pUnit(e));
}

/** The standard normal distribution function: absolute error at most 2e-7. */
export function normalCdf(x: v128): v128 {
  const size = f32x4.abs(x);
  const one = constant(ONE);
  // t = |x| / sqrt(2), q = 1 / (1 + t / 2)
  const q = f32x4.div(one, f32x4.add(one, f32x4.mul(size, constant(HALF_ROOT_HALF))));
  let p = constant(NORMAL_CDF);
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 1));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 2));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 3));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 4));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 5));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 6));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 7));
  p = f32x4.add(f32x4.mul(p, q), constant(NORMAL_CDF, 8));
  const e = expNonPositive(f32x4.mul(f32x4.mul(x, x), constant(MINUS_HALF)));
  const tail = f32x4.mul(f32x4.mul(constant(HALF), f32x4.mul(p, q)), e);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/** The standard normal density. */
export function normalDensity(x: v128): v128 {
  const e = expNonPositive(f32x4.mul(f32x4.mul(x, x), constant(MINUS_HALF)));
  return f32x4.mul(constant(DENSITY_AT_0), e);
}

/** cos(2 pi u) for 0 <= u < 1, absolute error at most 2e-7. */
export function cosOfTurns(u: v128): v128 {
  // A quarter turn too many or too few is taken out; what is left is exact.
  const quarters = f32x4.nearest(f32x4.mul(u, f32x4.splat(4)));
  const left = f32x4.sub(u, f32x4.mul(quarters, f32x4.splat(0.25)));
  const x = f32x4.mul(left, f32x4.splat(<f32>(2 * Math.PI)));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-0.000195087414);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.0083321128));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.166666538));
  const sin = f32x4.add(x, f32x4.mul(f32x4.mul(p, square), x));
  p = f32x4.splat(2.44256807e-5);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.00138872513));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.0416666456));
  p = f32x4.sub(f32x4.mul(p, square), f32x4.splat(0.5));
  const cos = f32x4.add(f32x4.splat(1), f32x4.mul(p, square));
  const quarter = i32x4.trunc_sat_f32x4_s(quarters);
  const isOdd = i32x4.eq(v128.and(quarter, i32x4.splat(1)), i32x4.splat(1));
  // The cosines of quarters 0 to 3 are cos, -sin, -cos, sin of what is left.
  const sign = i32x4.shl(i32x4.add(quarter, i32x4.splat(1)), 30);
  return v128.xor(v128.bitselect(sin, cos, isOdd), v128.and(sign, i32x4.splat(0x80000000)));
}

/** Which of four lanes are among the first `count`. */
export function lanesBefore(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** -|x|, in one operation. */
export function negativeSize(x: v128): v128 {
  return v128.or(x, constant(SIGN));
}

/** max(x, 0), and NaN for NaN. */
export function positivePart(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** The sum of the four lanes, always in the same order. */
export function sumLanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

// Constants lie in memory, below what the arena gives out. V8 makes a vector that stands in the code
// anew in every round of a loop, with three instructions; with one it loads it.

const HALF = memory.data<f32>([0.5]);
const ONE = memory.data<f32>([1]);
const TWO = memory.data<f32>([2]);
const MINUS_HALF = memory.data<f32>([-0.5]);
const MINUS_TWO = memory.data<f32>([-2]);
const SIGN = memory.data<u32>([0x80000000]);

const LOG2E = memory.data<f32>([1.44269502]);
/** log 2 in two parts: the first has 9 bits, so its product with an exponent is exact. */
const LOG2_HIGH = memory.data<f32>([0.693359375]);
const LOG2_LOW = memory.data<f32>([-0.00021219444]);
/** Where e^x has left the float32 numbers, either way. */
const LEAST = memory.data<f32>([-104]);
const MOST = memory.data<f32>([104]);
/** 1.5 * 2^23, where float32 numbers are 1 apart, and 254: twice the bias of their exponents. */
const SHIFT = memory.data<f32>([12583166]);
/** 1 / sqrt(8) */
const HALF_ROOT_HALF = memory.data<f32>([0.353553391]);
const DENSITY_AT_0 = memory.data<f32>([0.39894228]);
/** Where tanh's polynomial ends. */
const TANH_NEAR = memory.data<f32>([0.625]);

// Polynomials, the highest power first.

const EXPM1 = memory.data<f32>([
  0.00138131448, 0.00836941879, 0.041668456, 0.166665152, 0.49999994,
]);
const TANH = memory.data<f32>([
  -0.0057049864, 0.0206390861, -0.0537397154, 0.133314416, -0.333332807,
]);
const NORMAL_CDF = memory.data<f32>([
  -0.0592772998, 0.285592467, -0.489308834, 0.280482054, -0.0282905381, 0.203391686, 0.242925584,
  0.282399803, 0.282085031,
]);
const LOG_RATIO = memory.data<f32>([0.280119866, 0.280018061, 0.400215268, 0.666664183]);

/** Four times the number at a place of a table. */
function constant(table: usize, place: usize = 0): v128 {
  return v128.load_splat<f32>(table + 4 * place);
}

function expUpTo104(x: v128): v128 {
  const clamped = f32x4.pmax(x, constant(LEAST));
  const shifted = powerOfTwo(clamped);
  return scale(f32x4.add(constant(ONE), expm1Reduced(reduced(clamped, shifted))), shifted);
}

/**
 * The n of e^x = 2^n e^r, as the sum n + SHIFT: it is rounded to a whole number by its own size, and
 * has n + 254 in its low bits.
 */
function powerOfTwo(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(LOG2E)), constant(SHIFT));
}

function reduced(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, constant(SHIFT));
  const high = f32x4.sub(x, f32x4.mul(n, constant(LOG2_HIGH)));
  return f32x4.sub(high, f32x4.mul(n, constant(LOG2_LOW)));
}

/** e^r - 1 for |r| <= log(2) / 2. */
function expm1Reduced(r: v128): v128 {
  let p = constant(EXPM1);
  p = f32x4.add(f32x4.mul(p, r), constant(EXPM1, 1));
  p = f32x4.add(f32x4.mul(p, r), constant(EXPM1, 2));
  p = f32x4.add(f32x4.mul(p, r), constant(EXPM1, 3));
  p = f32x4.add(f32x4.mul(p, r), constant(EXPM1, 4));
  return f32x4.add(r, f32x4.mul(f32x4.mul(p, r), r));
}

/**
 * x * 2^n for abs n <= 151: in two factors, since 2^n alone may be subnormal or infinite. What the
 * halves of n + 254 have in their low 9 bits are the factors' biased exponents and signs.
 */
function scale(x: v128, shifted: v128): v128 {
  const half = i32x4.shr_u(shifted, 1);
  const first = i32x4.shl(half, 23);
  const second = i32x4.shl(i32x4.sub(shifted, half), 23);
  return f32x4.mul(f32x4.mul(x, first), second);
}

/** log((1 + s) / (1 - s)) for |s| <= 1/3. */
function logRatio(s: v128): v128 {
  const square = f32x4.mul(s, s);
  let p = constant(LOG_RATIO);
  p = f32x4.add(f32x4.mul(p, square), constant(LOG_RATIO, 1));
  p = f32x4.add(f32x4.mul(p, square), constant(LOG_RATIO, 2));
  p = f32x4.add(f32x4.mul(p, square), constant(LOG_RATIO, 3));
  return f32x4.add(f32x4.add(s, s), f32x4.mul(f32x4.mul(p, square), s));
}
