// Updates of one parameter tensor, by Keras's formulas. `count` numbers, padding included: a padded
// parameter is 0 with gradient 0, and every formula leaves it so.
//
// No formula meets subnormal numbers (optimizer-state.ts).

import {
  approached,
  areFarFrom0,
  averaged,
  leastTimes,
  meanWith,
  settled,
  squared,
  squareWith,
} from "./optimizer-state";

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
  const least = leastTimes(momentum);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, velocity += 16) {
    const change = f32x4.mul(rate, v128.load(gradient));
    const speed = settled(f32x4.sub(f32x4.mul(keep, v128.load(velocity)), change), least);
    v128.store(velocity, speed);
    const step = nesterov ? f32x4.sub(f32x4.mul(keep, speed), change) : speed;
    v128.store(parameter, f32x4.add(v128.load(parameter), step));
  }
}

/**
 * `rate` is learningRate * sqrt(1 - beta2^t) / (1 - beta1^t); epsilon stands outside the root and
 * is not corrected for t, as in Keras.
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
): void {
  const rates = f32x4.splat(rate);
  const meanGains = f32x4.splat(meanGain);
  const varianceGains = f32x4.splat(varianceGain);
  const leastMean = leastTimes(meanGain);
  const leastSquare = leastTimes(varianceGain);
  const leastRoot = f32x4.sqrt(leastSquare);
  const epsilons = f32x4.splat(epsilon);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, mean += 16, variance += 16) {
    const g = v128.load(gradient);
    const areFar = areFarFrom0(g, v128.load(mean), v128.load(variance));
    const m = meanWith(g, mean, meanGains, leastMean, areFar);
    const v = squareWith(g, variance, varianceGains, leastSquare, leastRoot, areFar);
    const change = f32x4.div(f32x4.mul(m, rates), f32x4.add(f32x4.sqrt(v), epsilons));
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
  }
}

/** Adam with the largest second moment so far. */
export function amsgrad(
  parameter: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  largest: usize,
  count: i32,
  rate: f32,
  meanGain: f32,
  varianceGain: f32,
  epsilon: f32,
): void {
  const meanGains = f32x4.splat(meanGain);
  const varianceGains = f32x4.splat(varianceGain);
  const leastMean = leastTimes(meanGain);
  const leastSquare = leastTimes(varianceGain);
  const leastRoot = f32x4.sqrt(leastSquare);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16) {
    const g = v128.load(gradient);
    const areFar = areFarFrom0(g, v128.load(mean), v128.load(variance));
    const m = meanWith(g, mean, meanGains, leastMean, areFar);
    const v = squareWith(g, variance, varianceGains, leastSquare, leastRoot, areFar);
    const most = f32x4.max(v128.load(largest), v);
    v128.store(largest, most);
    const root = f32x4.add(f32x4.sqrt(most), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), root);
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
    mean += 16;
    variance += 16;
    largest += 16;
  }
}

/** `meanRate` and `gradientRate` hold the learning rate and the schedule of the momentum. */
export function nadam(
  parameter: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  count: i32,
  meanRate: f32,
  gradientRate: f32,
  meanGain: f32,
  varianceGain: f32,
  unbias: f32,
  epsilon: f32,
): void {
  const meanGains = f32x4.splat(meanGain);
  const varianceGains = f32x4.splat(varianceGain);
  const leastMean = leastTimes(meanGain);
  const leastSquare = leastTimes(varianceGain);
  const leastRoot = f32x4.sqrt(leastSquare);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, mean += 16, variance += 16) {
    const g = v128.load(gradient);
    const areFar = areFarFrom0(g, v128.load(mean), v128.load(variance));
    const m = meanWith(g, mean, meanGains, leastMean, areFar);
    const v = squareWith(g, variance, varianceGains, leastSquare, leastRoot, areFar);
    const ahead = f32x4.mul(m, f32x4.splat(meanRate));
    const step = f32x4.add(ahead, f32x4.mul(g, f32x4.splat(gradientRate)));
    const root = f32x4.sqrt(f32x4.mul(v, f32x4.splat(unbias)));
    const change = f32x4.div(step, f32x4.add(root, f32x4.splat(epsilon)));
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
  }
}

/** `rate` is learningRate / (1 - beta1^t). */
export function adamax(
  parameter: usize,
  gradient: usize,
  mean: usize,
  largest: usize,
  count: i32,
  rate: f32,
  meanGain: f32,
  beta2: f32,
  epsilon: f32,
): void {
  const meanGains = f32x4.splat(meanGain);
  const leastMean = leastTimes(meanGain);
  const leastKept = leastTimes(beta2);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, mean += 16, largest += 16) {
    const g = v128.load(gradient);
    const m = approached(mean, settled(g, leastMean), meanGains, leastMean);
    const kept = f32x4.mul(v128.load(largest), f32x4.splat(beta2));
    const most = settled(f32x4.max(kept, f32x4.abs(g)), leastKept);
    v128.store(largest, most);
    const root = f32x4.add(most, f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), root);
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
  }
}

/**
 * Epsilon stands inside the root, as in Keras. `mean` is the state of centering and `velocity` that
 * of a momentum, each 0 without it.
 */
export function rmsprop(
  parameter: usize,
  gradient: usize,
  square: usize,
  mean: usize,
  velocity: usize,
  count: i32,
  learningRate: f32,
  rho: f32,
  gain: f32,
  epsilon: f32,
  momentum: f32,
): void {
  const kept = f32x4.splat(rho);
  const gains = f32x4.splat(gain);
  const least = leastTimes(gain);
  const leastRoot = f32x4.sqrt(least);
  const leastSpeed = leastTimes(momentum);
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = v128.load(gradient + at);
    const v = averaged(square + at, squared(g, leastRoot), kept, gains, least);
    let spread = v;
    if (mean) {
      const m = averaged(mean + at, settled(g, least), kept, gains, least);
      spread = f32x4.sub(v, f32x4.mul(m, m));
    }
    const root = f32x4.sqrt(f32x4.add(spread, f32x4.splat(epsilon)));
    let step = f32x4.div(f32x4.mul(f32x4.splat(learningRate), g), root);
    if (velocity) {
      const carried = f32x4.mul(f32x4.splat(momentum), v128.load(velocity + at));
      step = settled(f32x4.add(carried, step), leastSpeed);
      v128.store(velocity + at, step);
    }
    v128.store(parameter + at, f32x4.sub(v128.load(parameter + at), step));
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
  const leastRoot = f32x4.sqrt(leastTimes(1));
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, accumulator += 16) {
    const g = v128.load(gradient);
    const sum = f32x4.add(v128.load(accumulator), squared(g, leastRoot));
    v128.store(accumulator, sum);
    const change = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(f32x4.add(sum, epsilons)));
    v128.store(parameter, f32x4.sub(v128.load(parameter), change));
  }
}

/** `squares` are those of gradients, `changes` those of changes before the learning rate. */
export function adadelta(
  parameter: usize,
  gradient: usize,
  squares: usize,
  changes: usize,
  count: i32,
  learningRate: f32,
  rho: f32,
  gain: f32,
  epsilon: f32,
): void {
  const kept = f32x4.splat(rho);
  const gains = f32x4.splat(gain);
  const epsilons = f32x4.splat(epsilon);
  const least = leastTimes(gain);
  const leastRoot = f32x4.sqrt(least);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, squares += 16, changes += 16) {
    const g = v128.load(gradient);
    const square = averaged(squares, squared(g, leastRoot), kept, gains, least);
    const size = f32x4.sqrt(f32x4.add(v128.load(changes), epsilons));
    const root = f32x4.sqrt(f32x4.add(square, epsilons));
    const change = f32x4.div(f32x4.mul(size, g), root);
    averaged(changes, squared(change, leastRoot), kept, gains, least);
    const step = f32x4.mul(change, f32x4.splat(learningRate));
    v128.store(parameter, f32x4.sub(v128.load(parameter), step));
  }
}

/** The step has the size of the learning rate, and the sign of a mean of past gradients and this. */
export function lion(
  parameter: usize,
  gradient: usize,
  mean: usize,
  count: i32,
  learningRate: f32,
  beta1: f32,
  gain1: f32,
  beta2: f32,
  gain2: f32,
): void {
  const rate = f32x4.splat(learningRate);
  const zero = f32x4.splat(0);
  const least = leastTimes(gain2);
  const end = parameter + ((<usize>count) << 2);
  for (; parameter < end; parameter += 16, gradient += 16, mean += 16) {
    const g = v128.load(gradient);
    const carried = f32x4.mul(f32x4.splat(beta1), v128.load(mean));
    const direction = f32x4.add(carried, f32x4.mul(f32x4.splat(gain1), g));
    const up = v128.and(rate, f32x4.gt(direction, zero));
    const down = v128.and(rate, f32x4.lt(direction, zero));
    v128.store(parameter, f32x4.sub(v128.load(parameter), f32x4.sub(up, down)));
    averaged(mean, settled(g, least), f32x4.splat(beta2), f32x4.splat(gain2), least);
  }
}
