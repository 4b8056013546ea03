// Elementary functions of four float32 numbers at once.
//
// Coefficients and their errors come from fit-polynomials.py; the errors stated here include
// float32 rounding and are what vector-math.test.ts measures against float64. NaN gives NaN.

/** e^x, at most 2 ulp; gradual underflow, 0 below -104, infinity above 88.73. */
export function exp(x: v128): v128 {
  return expUpTo104(f32x4.pmin(x, f32x4.splat(104)));
}

/** e^x for x <= 0, at most 2 ulp; gradual underflow, 0 below -104. */
export function expNonPositive(x: v128): v128 {
  return expUpTo104(x);
}

/** e^x - 1 for x <= 0, at most 2 ulp: no cancellation near 0. */
export function expm1NonPositive(x: v128): v128 {
  const clamped = f32x4.pmax(x, f32x4.splat(-104));
  const n = powerOfTwo(clamped);
  const small = expm1Reduced(reduced(clamped, n));
  const power = scale(f32x4.add(f32x4.splat(1), small), n);
  const direct = f32x4.sub(power, f32x4.splat(1));
  return v128.bitselect(small, direct, f32x4.eq(n, f32x4.splat(0)));
}

/** log(1 + x) for 0 <= x <= 1, at most 3 ulp. */
export function log1pUnit(x: v128): v128 {
  return logRatio(f32x4.div(x, f32x4.add(f32x4.splat(2), x)));
}

/** log x for normal positive x, at most 3 ulp and 1e-7 absolute near 1. */
export function log(x: v128): v128 {
  // The mantissa lies in [sqrt(1/2), sqrt(2)), the exponent takes the rest.
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(bits, 23);
  const mantissa = i32x4.sub(x, i32x4.shl(exponent, 23));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const ratio = logRatio(f32x4.div(f, f32x4.add(f32x4.splat(2), f)));
  const n = f32x4.convert_i32x4_s(exponent);
  const low = f32x4.add(f32x4.mul(n, f32x4.splat(LOG2_LOW)), ratio);
  const result = f32x4.add(f32x4.mul(n, f32x4.splat(LOG2_HIGH)), low);
  // NaN and infinity have no exponent of their own; both are their own logarithm.
  return v128.bitselect(result, x, f32x4.lt(x, f32x4.splat(Infinity)));
}

/** tanh x, at most 3 ulp. */
export function tanh(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-0.0057049864);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.0206390861));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.0537397154));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.133314416));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.333332807));
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(p, square), x));

  const size = f32x4.abs(x);
  const one = f32x4.splat(1);
  const e = expNonPositive(f32x4.mul(size, f32x4.splat(-2)));
  const far = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const signed = v128.bitselect(x, far, i32x4.splat(0x80000000));
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)));
}

/** 1 / (1 + e^-x), at most 3 ulp. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = expNonPositive(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}

/** log(1 + e^x), at most 3 ulp for x <= 0 and 2 ulp above. */
export function softplus(x: v128): v128 {
  const e = expNonPositive(f32x4.neg(f32x4.abs(x)));
  return f32x4.add(positivePart(x), log1pUnit(e));
}

/** The standard normal distribution function: absolute error at most 2e-7. */
export function normalCdf(x: v128): v128 {
  const size = f32x4.abs(x);
  const one = f32x4.splat(1);
  // t = |x| / sqrt(2), q = 1 / (1 + t / 2)
  const q = f32x4.div(one, f32x4.add(one, f32x4.mul(size, f32x4.splat(0.353553391))));
  let p = f32x4.splat(-0.0592772998);
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.285592467));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-0.489308834));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.280482054));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(-0.0282905381));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.203391686));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.242925584));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.282399803));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.282085031));
  const e = expNonPositive(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
  const tail = f32x4.mul(f32x4.mul(f32x4.splat(0.5), f32x4.mul(p, q)), e);
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/** The standard normal density. */
export function normalDensity(x: v128): v128 {
  const e = expNonPositive(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
  return f32x4.mul(f32x4.splat(0.39894228), e);
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

/** log 2 in two parts: the first has 9 bits, so its product with an exponent is exact. */
const LOG2_HIGH: f32 = 0.693359375;
const LOG2_LOW: f32 = -0.00021219444;

function expUpTo104(x: v128): v128 {
  const clamped = f32x4.pmax(x, f32x4.splat(-104));
  const n = powerOfTwo(clamped);
  return scale(f32x4.add(f32x4.splat(1), expm1Reduced(reduced(clamped, n))), n);
}

function powerOfTwo(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)));
}

function reduced(x: v128, n: v128): v128 {
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LOG2_HIGH)));
  return f32x4.sub(high, f32x4.mul(n, f32x4.splat(LOG2_LOW)));
}

/** e^r - 1 for |r| <= log(2) / 2. */
function expm1Reduced(r: v128): v128 {
  let p = f32x4.splat(0.00138131448);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.00836941879));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.041668456));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.166665152));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.49999994));
  return f32x4.add(r, f32x4.mul(f32x4.mul(p, r), r));
}

/** x * 2^n for abs n <= 151: in two factors, since 2^n alone may be subnormal or infinite. */
function scale(x: v128, n: v128): v128 {
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(x, first), second);
}

/** log((1 + s) / (1 - s)) for |s| <= 1/3. */
function logRatio(s: v128): v128 {
  const square = f32x4.mul(s, s);
  let p = f32x4.splat(0.280119866);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.280018061));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.400215268));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.666664183));
  return f32x4.add(f32x4.add(s, s), f32x4.mul(f32x4.mul(p, square), s));
}
