// Elementary functions of four numbers that hold where WGSL's own may not.
//
// WGSL allows tanh an absolute error of 1e-5 and some drivers give NaN for large arguments, log an
// absolute error of 2^-21 near 1, and it has neither expm1 nor log1p nor erf. Here only non-positive
// numbers are exponentiated and nothing cancels. Coefficients: core/wasm/fit-polynomials.py.

export const mathWgsl = /* wgsl */ `
/** e^x - 1 for x <= 0. The polynomial holds to half of log 2, where exp(x) - 1 starts to cancel. */
fn expm1NonPositive(x: vec4f) -> vec4f {
  let p = 0.49999994 + x * (0.166665152 + x * (0.041668456 + x * (0.00836941879 + x * 0.00138131448)));
  return select(exp(x) - 1.0, x + x * x * p, x > vec4f(-0.34657359));
}

/** log(1 + x) for 0 <= x <= 1, as the logarithm of (1 + s) / (1 - s). */
fn log1pUnit(x: vec4f) -> vec4f {
  let s = x / (2.0 + x);
  let q = s * s;
  let p = 0.666664183 + q * (0.400215268 + q * (0.280018061 + q * 0.280119866));
  return 2.0 * s + s * q * p;
}

/** log x of normal positive numbers: the mantissa lies in [sqrt(1/2), sqrt 2), the exponent takes the rest. */
fn logarithm(x: vec4f) -> vec4f {
  let bits = bitcast<vec4i>(x) - 0x3f3504f3;
  let exponent = bits >> vec4u(23u);
  let f = bitcast<vec4f>(bitcast<vec4i>(x) - (exponent << vec4u(23u))) - 1.0;
  let s = f / (2.0 + f);
  let q = s * s;
  let p = 0.666664183 + q * (0.400215268 + q * (0.280018061 + q * 0.280119866));
  let n = vec4f(exponent);
  return select(n * 0.693145752 + (n * 1.42860677e-6 + (2.0 * s + s * q * p)), x, isNotFinite(x));
}

/** x^n for x >= 0; 0^0 is 1. */
fn power(x: vec4f, n: f32) -> vec4f {
  let zero = select(0.0, 1.0, n == 0.0);
  return select(exp(n * logarithm(max(x, vec4f(1.2e-38)))), vec4f(zero), x <= vec4f());
}

fn sigmoid(x: vec4f) -> vec4f {
  let e = exp(-abs(x));
  return select(vec4f(1.0), e, x < vec4f()) / (1.0 + e);
}

fn softplus(x: vec4f) -> vec4f {
  return max(x, vec4f()) + log1pUnit(exp(-abs(x)));
}

fn hyperbolicTangent(x: vec4f) -> vec4f {
  let q = x * x;
  let p = -0.333332807 + q * (0.133314416 + q * (-0.0537397154 + q * (0.0206390861 - q * 0.0057049864)));
  let e = exp(-2.0 * abs(x));
  return select(sign(x) * (1.0 - e) / (1.0 + e), x + x * q * p, abs(x) < vec4f(0.625));
}

/** 2 sqrt(2 / pi) (x + 0.044715 x^3); beyond 30 its sigmoid is 0 or 1, and a cube could overflow. */
fn geluInner(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-30.0), vec4f(30.0));
  return 1.5957691216 * (c + 0.044715 * c * c * c);
}

/** Beyond 14 standard deviations the density is 0 in float32, and a square could overflow. */
fn normalDensity(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-14.0), vec4f(14.0));
  return 0.39894228 * exp(-0.5 * c * c);
}

/** The standard normal distribution function: erfc(t) exp(t^2) = q P(q), q = 1 / (1 + t / 2). */
fn normalDistribution(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-14.0), vec4f(14.0));
  let q = 1.0 / (1.0 + 0.353553391 * abs(c));
  var p = vec4f(-0.0592772998);
  p = p * q + 0.285592467;
  p = p * q - 0.489308834;
  p = p * q + 0.280482054;
  p = p * q - 0.0282905381;
  p = p * q + 0.203391686;
  p = p * q + 0.242925584;
  p = p * q + 0.282399803;
  p = p * q + 0.282085031;
  let tail = 0.5 * p * q * exp(-0.5 * c * c);
  return select(1.0 - tail, tail, c < vec4f());
}

/** Exponent bits, because a shader may assume that no number is NaN or infinite. */
fn isNotFinite(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7f800000u)) == vec4u(0x7f800000u);
}
`;
