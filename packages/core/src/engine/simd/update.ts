// The optimizer of one network: one kernel call over all of its trainable parameters. Clipping and
// decay come before it, in simd-network.ts.

import type { Hyper, OptimizerKind } from "../../compile/plan.ts";
import type { Arena } from "./arena.ts";
import type { Kernels } from "./kernels.ts";

/** Moves the parameters by their gradients; keeps its moments and step count inside. */
export type Update = (learningRate: number) => void;

/** Parameters and gradients of a network: two areas of one shape. */
export interface ParameterArea {
  readonly values: number;
  readonly gradients: number;
  readonly count: number;
}

export function createUpdate(
  kernels: Kernels,
  arena: Arena,
  kind: OptimizerKind,
  hyper: Hyper,
  area: ParameterArea,
): Update {
  const state = (start = 0) => {
    const address = arena.allocate(area.count);
    if (start !== 0) arena.floats(address, area.count).fill(start);
    return address;
  };
  return UPDATES[kind.name]({ kernels, kind, hyper, area, state });
}

interface Site {
  readonly kernels: Kernels;
  readonly kind: OptimizerKind;
  readonly hyper: Hyper;
  readonly area: ParameterArea;
  /** Makes one number per parameter. */
  readonly state: (start?: number) => number;
}

const UPDATES: Record<OptimizerKind["name"], (site: Site) => Update> = {
  sgd: ({ kernels, kind, hyper, area, state }) => {
    const { values, gradients, count } = area;
    if (!kind.momentum) return (rate) => kernels.sgd(values, gradients, count, rate);
    const velocity = state();
    return (rate) =>
      kernels.sgdMomentum(values, gradients, velocity, count, rate, hyper.momentum, kind.nesterov);
  },
  adam: adamOrAmsgrad,
  adamw: adamOrAmsgrad,
  nadam,
  adamax: ({ kernels, hyper, area, state }) => {
    const { values, gradients, count } = area;
    const { beta1, beta2, epsilon } = hyper;
    const mean = state();
    const largest = state();
    let step = 0;
    return (rate) => {
      step++;
      const unbiased = rate / (1 - beta1 ** step);
      const gain = 1 - beta1;
      kernels.adamax(values, gradients, mean, largest, count, unbiased, gain, beta2, epsilon);
    };
  },
  rmsprop: ({ kernels, kind, hyper, area, state }) => {
    const { values, gradients, count } = area;
    const { rho, epsilon, momentum } = hyper;
    const square = state();
    const mean = kind.centered ? state() : 0;
    const velocity = kind.momentum ? state() : 0;
    return (rate) =>
      kernels.rmsprop(
        values,
        gradients,
        square,
        mean,
        velocity,
        count,
        rate,
        rho,
        1 - rho,
        epsilon,
        momentum,
      );
  },
  adagrad: ({ kernels, hyper, area, state }) => {
    const { values, gradients, count } = area;
    const accumulator = state(hyper.initialAccumulator);
    return (rate) => kernels.adagrad(values, gradients, accumulator, count, rate, hyper.epsilon);
  },
  adadelta: ({ kernels, hyper, area, state }) => {
    const { values, gradients, count } = area;
    const { rho, epsilon } = hyper;
    const squares = state();
    const changes = state();
    return (rate) =>
      kernels.adadelta(values, gradients, squares, changes, count, rate, rho, 1 - rho, epsilon);
  },
  lion: ({ kernels, hyper, area, state }) => {
    const { values, gradients, count } = area;
    const { beta1, beta2 } = hyper;
    const mean = state();
    return (rate) =>
      kernels.lion(values, gradients, mean, count, rate, beta1, 1 - beta1, beta2, 1 - beta2);
  },
};

function adamOrAmsgrad({ kernels, kind, hyper, area, state }: Site): Update {
  const { values, gradients, count } = area;
  const { beta1, beta2, epsilon } = hyper;
  const mean = state();
  const variance = state();
  const gains = [1 - beta1, 1 - beta2] as const;
  let step = 0;
  const unbiased = (rate: number) => {
    step++;
    return (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  };
  if (!kind.amsgrad) {
    return (rate) =>
      kernels.adam(values, gradients, mean, variance, count, unbiased(rate), ...gains, epsilon);
  }
  const largest = state();
  return (rate) =>
    kernels.amsgrad(
      values,
      gradients,
      mean,
      variance,
      largest,
      count,
      unbiased(rate),
      ...gains,
      epsilon,
    );
}

/** Dozat 2015, with his schedule of the momentum. */
function nadam({ kernels, hyper, area, state }: Site): Update {
  const { values, gradients, count } = area;
  const { beta1, beta2, epsilon } = hyper;
  const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** step);
  const mean = state();
  const variance = state();
  let step = 0;
  let product = 1;
  return (rate) => {
    step++;
    const now = momentumAt(step);
    const next = momentumAt(step + 1);
    product *= now;
    kernels.nadam(
      values,
      gradients,
      mean,
      variance,
      count,
      (rate * next) / (1 - product * next),
      (rate * (1 - now)) / (1 - product),
      1 - beta1,
      1 - beta2,
      1 / (1 - beta2 ** step),
      epsilon,
    );
  };
}
