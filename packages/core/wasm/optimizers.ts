// Updates of one parameter tensor, by Keras's formulas. `count` numbers, padding included: a padded
// parameter is 0 with gradient 0, and every formula leaves it so.

/** kernel -= learningRate * gradient */
export function sgd(parameter: usize, gradient: usize, count: i32, learningRate: f32): void {
  const rate = f32x4.splat(learningRate);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16) {
    const change = f32x4.mul(rate, v128.load(gradient));
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
  }
}

/** velocity = momentum * velocity - learningRate * gradient, added once, or as Nesterov looks ahead. */
export function sgdMomentum(
  parameter: usize,
  gradient: usize,
  velocity: usize,
  count: i32,
  learningRate: f32,
  momentum: f32,
  nesterov: bool,
): void {
  const rate = f32x4.splat(learningRate);
  const keep = f32x4.splat(momentum);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, velocity += 16) {
    const change = f32x4.mul(rate, v128.load(gradient));
    const speed = f32x4.sub(f32x4.mul(keep, v128.load(velocity)), change);
    v128.store(velocity, speed);
    const step = nesterov ? f32x4.sub(f32x4.mul(keep, speed), change) : speed;
    v128.store(parameter, f32x4.add(v128.load(parameter), step));
  }
}

/**
 * `rate` is learningRate * sqrt(1 - beta2^t) / (1 - beta1^t); epsilon stands outside the root and
 * is not corrected for t, as in Keras. `decay` is learningRate * weightDecay, 0 without AdamW.
 */
export function adam(
  parameter: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  count: i32,
  rate: f32,
  meanGain: f32,
  varianceGain: f32,
  epsilon: f32,
  decay: f32,
): void {
  const rates = f32x4.splat(rate);
  const meanGains = f32x4.splat(meanGain);
  const varianceGains = f32x4.splat(varianceGain);
  const epsilons = f32x4.splat(epsilon);
  const decays = f32x4.splat(decay);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, mean += 16, variance += 16) {
    const g = v128.load(gradient);
    let m = v128.load(mean);
    let v = v128.load(variance);
    let w = v128.load(parameter);
    w = f32x4.sub(w, f32x4.mul(w, decays));
    m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), meanGains));
    v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), varianceGains));
    v128.store(mean, m);
    v128.store(variance, v);
    const change = f32x4.div(f32x4.mul(m, rates), f32x4.add(f32x4.sqrt(v), epsilons));
    v128.store(parameter, f32x4.sub(w, change));
  }
}

/** Epsilon stands inside the root, as in Keras. */
export function rmsprop(
  parameter: usize,
  gradient: usize,
  square: usize,
  count: i32,
  learningRate: f32,
  rho: f32,
  squareGain: f32,
  epsilon: f32,
): void {
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, square += 16) {
    const step = rmspropStep(gradient, square, learningRate, rho, squareGain, epsilon);
    v128.store(parameter, f32x4.sub(v128.load(parameter), step));
  }
}

export function rmspropMomentum(
  parameter: usize,
  gradient: usize,
  square: usize,
  velocity: usize,
  count: i32,
  learningRate: f32,
  rho: f32,
  squareGain: f32,
  epsilon: f32,
  momentum: f32,
): void {
  const keep = f32x4.splat(momentum);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, square += 16, velocity += 16) {
    const step = rmspropStep(gradient, square, learningRate, rho, squareGain, epsilon);
    const speed = f32x4.add(f32x4.mul(keep, v128.load(velocity)), step);
    v128.store(velocity, speed);
    v128.store(parameter, f32x4.sub(v128.load(parameter), speed));
  }
}

/** Epsilon stands inside the root, as in Keras. */
export function adagrad(
  parameter: usize,
  gradient: usize,
  accumulator: usize,
  count: i32,
  learningRate: f32,
  epsilon: f32,
): void {
  const rate = f32x4.splat(learningRate);
  const epsilons = f32x4.splat(epsilon);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, accumulator += 16) {
    const g = v128.load(gradient);
    const sum = f32x4.add(v128.load(accumulator), f32x4.mul(g, g));
    v128.store(accumulator, sum);
    const change = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(sum, epsilons)));
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
  }
}

function rmspropStep(
  gradient: usize,
  square: usize,
  learningRate: f32,
  rho: f32,
  squareGain: f32,
  epsilon: f32,
): v128 {
  const g = v128.load(gradient);
  const kept = f32x4.mul(f32x4.splat(rho), v128.load(square));
  const mean = f32x4.add(kept, f32x4.mul(f32x4.splat(squareGain), f32x4.mul(g, g)));
  v128.store(square, mean);
  const root = f32x4.sqrt(f32x4.add(mean, f32x4.splat(epsilon)));
  return f32x4.div(f32x4.mul(f32x4.splat(learningRate), g), root);
}
