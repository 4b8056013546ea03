// The optimizer of one network: one kernel call over all of its parameters.

import type { Hyper, OptimizerKind } from "../../compile/plan.ts";
import type { Arena } from "./arena.ts";
import type { Kernels } from "./kernels.ts";
import { UnsupportedBySimdError } from "./supports.ts";

/** Moves the parameters by their gradients; keeps its moments and step count inside. */
export type Update = () => void;

/** Parameters and gradients of a network: two areas of one shape. */
export interface ParameterArea {
  readonly parameters: number;
  readonly gradients: number;
  readonly count: number;
}

export function createUpdate(
  kernels: Kernels,
  arena: Arena,
  kind: OptimizerKind,
  hyper: Hyper,
  { parameters, gradients, count }: ParameterArea,
): Update {
  const { learningRate, momentum, beta1, beta2, rho, epsilon, weightDecay } = hyper;
  const state = () => arena.allocate(count);
  switch (kind.name) {
    case "sgd": {
      if (!kind.momentum) return () => kernels.sgd(parameters, gradients, count, learningRate);
      const velocity = state();
      const { nesterov } = kind;
      return () =>
        kernels.sgdMomentum(
          parameters,
          gradients,
          velocity,
          count,
          learningRate,
          momentum,
          nesterov,
        );
    }
    case "adam":
    case "adamw": {
      const mean = state();
      const variance = state();
      let step = 0;
      return () => {
        step++;
        const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
        kernels.adam(
          parameters,
          gradients,
          mean,
          variance,
          count,
          rate,
          1 - beta1,
          1 - beta2,
          epsilon,
          learningRate * weightDecay,
        );
      };
    }
    case "rmsprop": {
      const square = state();
      const constants = [learningRate, rho, 1 - rho, epsilon] as const;
      if (!kind.momentum) {
        return () => kernels.rmsprop(parameters, gradients, square, count, ...constants);
      }
      const velocity = state();
      return () =>
        kernels.rmspropMomentum(
          parameters,
          gradients,
          square,
          velocity,
          count,
          ...constants,
          momentum,
        );
    }
    case "adagrad": {
      const accumulator = state();
      arena.floats(accumulator, count).fill(hyper.initialAccumulator);
      return () =>
        kernels.adagrad(parameters, gradients, accumulator, count, learningRate, epsilon);
    }
    default:
      throw new UnsupportedBySimdError(`the optimizer ${kind.name}`);
  }
}
