// The updates of engine/reference/optimizer.ts in bounded numbers.
//
// Optimizers that divide a gradient by its own size turn a relative error into one of the step.
// Where a gradient is within its error of zero that says nothing: its sign is not known, and the
// bound by division is infinite. There the step's own limit holds, which every machine obeys
// whatever gradients it met: |m| / sqrt(v) is bounded because both are sums over the same gradients
// (Cauchy and Schwarz). Such a step may be off by its own size and by that of the largest step.

import type { Hyper, OptimizerKind } from "../../compile/plan.ts";
import { type Arithmetic, absolute, type Bounded, negate, sign } from "./arithmetic.ts";
import { at, type BoundedTensor, boundedTensor, put } from "./bounded-tensor.ts";

/** Moves parameter `i`, whose gradient is g, by the number it returns; steps count from 1. */
export type BoundedUpdate = (i: number, g: Bounded, rate: number, step: number) => Bounded;

export function boundedOptimizer(
  m: Arithmetic,
  kind: OptimizerKind,
  hyper: Hyper,
  size: number,
): BoundedUpdate {
  const { beta1, beta2, rho, initialAccumulator } = hyper;
  const [momentum, epsilon] = [m.stored(hyper.momentum), m.stored(hyper.epsilon)];
  const state = (start = 0): BoundedTensor => {
    const tensor = boundedTensor(size);
    for (let i = 0; i < size; i++) put(tensor, i, m.stored(start));
    return tensor;
  };
  const keep = (tensor: BoundedTensor, i: number, number: Bounded): Bounded => {
    put(tensor, i, number);
    return number;
  };
  /** share old + (1 - share) new */
  const mix = (share: number, old: Bounded, fresh: Bounded) =>
    m.add(m.multiply(m.stored(share), old), m.multiply(m.stored(1 - share), fresh));
  const square = (x: Bounded) => m.multiply(x, x);

  switch (kind.name) {
    case "sgd": {
      if (!kind.momentum) return (_i, g, rate) => negate(m.multiply(m.stored(rate), g));
      const velocity = state();
      return (i, g, rate) => {
        const pull = m.multiply(m.stored(rate), g);
        const v = keep(velocity, i, m.subtract(m.multiply(momentum, at(velocity, i)), pull));
        return kind.nesterov ? m.subtract(m.multiply(momentum, v), pull) : v;
      };
    }
    case "adam":
    case "adamw": {
      const [mean, variance, largest] = [state(), state(), state()];
      return (i, g, rate, step) => {
        const mu = keep(mean, i, mix(beta1, at(mean, i), g));
        const nu = keep(variance, i, mix(beta2, at(variance, i), square(g)));
        const most = keep(largest, i, kind.amsgrad ? larger(at(largest, i), nu) : nu);
        const correction = Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
        const scaled = m.multiply(m.rounded(rate * correction, 0, 2), mu);
        const delta = m.divide(scaled, m.add(m.squareRoot(most), epsilon));
        const limit = rate * correction * meanOverRoot(beta1, beta2, step);
        return negate(within(m, limit, step, delta));
      };
    }
    case "nadam": {
      const [mean, variance] = [state(), state()];
      const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** step);
      return (i, g, rate, step) => {
        const [now, next] = [momentumAt(step), momentumAt(step + 1)];
        let product = 1;
        for (let s = 1; s <= step; s++) product *= momentumAt(s);
        const meanScale = next / (1 - product * next);
        const gradientScale = (1 - now) / (1 - product);
        const unbias = 1 / (1 - beta2 ** step);
        const mu = keep(mean, i, mix(beta1, at(mean, i), g));
        const nu = keep(variance, i, mix(beta2, at(variance, i), square(g)));
        const direction = m.add(
          m.multiply(m.rounded(meanScale, 0, 2), mu),
          m.multiply(m.rounded(gradientScale, 0, 2), g),
        );
        const root = m.squareRoot(m.multiply(m.rounded(unbias, 0, 2), nu));
        const delta = m.divide(m.multiply(m.stored(rate), direction), m.add(root, epsilon));
        const limit =
          meanScale * meanOverRoot(beta1, beta2, step) + gradientScale / Math.sqrt(1 - beta2);
        return negate(within(m, (rate * limit) / Math.sqrt(unbias), step, delta));
      };
    }
    case "adamax": {
      const [mean, norm] = [state(), state()];
      return (i, g, rate, step) => {
        const alpha = rate / (1 - beta1 ** step);
        const mu = keep(mean, i, mix(beta1, at(mean, i), g));
        const decayed = m.multiply(m.stored(beta2), at(norm, i));
        const u = keep(norm, i, larger(decayed, absolute(g)));
        const delta = m.divide(m.multiply(m.rounded(alpha, 0, 2), mu), m.add(u, epsilon));
        const ratio = beta1 / beta2;
        const limit = (alpha * (1 - beta1) * (1 - ratio ** step)) / (1 - ratio);
        return negate(within(m, limit, step, delta));
      };
    }
    case "rmsprop": {
      const [squares, average, velocity] = [state(), state(), state()];
      return (i, g, rate, step) => {
        const v = keep(squares, i, mix(rho, at(squares, i), square(g)));
        let denominator = m.add(v, epsilon);
        let smallest = 1 - rho;
        if (kind.centered) {
          const a = keep(average, i, mix(rho, at(average, i), g));
          denominator = m.add(m.subtract(v, square(a)), epsilon);
          // a^2 is at most the sum of the weights so far, 1 - rho^t, times v.
          smallest *= rho ** step;
        }
        const scaled = m.multiply(m.stored(rate), g);
        const root = m.squareRoot(denominator);
        const own = within(m, rate / Math.sqrt(smallest), step, m.divide(scaled, root));
        if (!kind.momentum) return negate(own);
        const increment = m.add(m.multiply(momentum, at(velocity, i)), own);
        return negate(keep(velocity, i, increment));
      };
    }
    case "adagrad": {
      const squares = state(initialAccumulator);
      return (i, g, rate, step) => {
        const sum = keep(squares, i, m.add(at(squares, i), square(g)));
        const delta = m.divide(m.multiply(m.stored(rate), g), m.squareRoot(m.add(sum, epsilon)));
        return negate(within(m, rate, step, delta));
      };
    }
    case "adadelta": {
      const [squares, changes] = [state(), state()];
      return (i, g, rate, step) => {
        const a = keep(squares, i, mix(rho, at(squares, i), square(g)));
        const moved = m.squareRoot(m.add(at(changes, i), epsilon));
        const ratio = m.divide(m.multiply(moved, g), m.squareRoot(m.add(a, epsilon)));
        const limit = (moved.value + moved.error) / Math.sqrt(1 - rho);
        const change = within(m, limit, step, ratio);
        keep(changes, i, mix(rho, at(changes, i), square(change)));
        return negate(m.multiply(m.stored(rate), change));
      };
    }
    case "lion": {
      const mean = state();
      return (i, g, rate) => {
        const direction = sign(mix(beta1, at(mean, i), g));
        keep(mean, i, mix(beta2, at(mean, i), g));
        return negate(m.multiply(m.stored(rate), direction));
      };
    }
  }
}

/**
 * The largest |mean| / sqrt(variance) after `step` steps, both exponential means of one sequence and
 * of its squares: Cauchy and Schwarz with weights beta1^k (1 - beta1) and beta2^k (1 - beta2).
 */
function meanOverRoot(beta1: number, beta2: number, step: number): number {
  const ratio = beta1 ** 2 / beta2;
  let sum = 0;
  for (let k = 0; k < step; k++) sum += ratio ** k;
  return ((1 - beta1) / Math.sqrt(1 - beta2)) * Math.sqrt(sum);
}

/**
 * A number that no machine gets larger than `limit`, but for the roundings of the recurrences that
 * lead to it: eight a step, in the denominator and in the numerator.
 */
function within(m: Arithmetic, limit: number, step: number, x: Bounded): Bounded {
  const largest = limit * (1 + m.gamma(16 * step));
  const error = Math.min(x.error, largest + Math.abs(x.value));
  return { value: x.value, error: Number.isNaN(x.error) ? largest + Math.abs(x.value) : error };
}

function larger(a: Bounded, b: Bounded): Bounded {
  const value = Math.max(a.value, b.value);
  const upper = Math.max(a.value + a.error, b.value + b.error) - value;
  const lower = value - Math.max(a.value - a.error, b.value - b.error);
  return { value, error: Math.max(upper, lower) };
}
