// Optimizers with the formulas and the places of epsilon of Keras 3, over the flat parameters of
// every network at once: parameters, gradients and state are all (models, size). One operation per
// formula for the whole population is what keeps the number of dispatches independent of the
// number of layers.

import type { Hyper, OptimizerKind } from "@convergence-lab/core";
import { add, div, fill, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { unsupported } from "./coverage.ts";
import { perNetwork } from "./per-network.ts";

export interface Optimizer {
  /** What the optimizer remembers before its first step. */
  start(models: number, size: number): Tensor[];
  /** `step` counts from 0; networks that are trained together have taken equally many. */
  update(parameters: Tensor, gradients: Tensor, state: readonly Tensor[], step: number): Updated;
}

export interface Updated {
  readonly parameters: Tensor;
  readonly state: readonly Tensor[];
}

export function createOptimizer(kind: OptimizerKind, hypers: readonly Hyper[]): Optimizer {
  switch (kind.name) {
    case "sgd":
      return kind.momentum ? momentumSgd(hypers, kind.nesterov) : sgd(hypers);
    case "adam":
    case "adamw":
      return adam(hypers);
    case "rmsprop":
      return rmsprop(hypers, kind.momentum);
    case "adagrad":
      return adagrad(hypers);
    default:
      throw unsupported(kind.name);
  }
}

function sgd(hypers: readonly Hyper[]): Optimizer {
  return {
    start: () => [],
    update: (w, g, _state, step) => ({
      parameters: sub(w, mul(g, rates(hypers, step))),
      state: [],
    }),
  };
}

function momentumSgd(hypers: readonly Hyper[], nesterov: boolean): Optimizer {
  return {
    start: (models, size) => [fill([models, size], 0)],
    update: (w, g, [m], step) => {
      const momentum = each(hypers, (hyper) => hyper.momentum);
      const change = mul(g, rates(hypers, step));
      const velocity = sub(mul(m, momentum), change);
      const increment = nesterov ? sub(mul(velocity, momentum), change) : velocity;
      return { parameters: add(w, increment), state: [velocity] };
    },
  };
}

function adam(hypers: readonly Hyper[]): Optimizer {
  const decays = hypers.some((hyper) => hyper.weightDecay !== 0);
  return {
    start: (models, size) => [fill([models, size], 0), fill([models, size], 0)],
    update: (w, g, [m, v], step) => {
      const alpha = each(
        hypers,
        ({ beta1, beta2, ...hyper }) =>
          (rate(hyper, step) * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1)),
      );
      const mean = add(
        m,
        mul(
          sub(g, m),
          each(hypers, (hyper) => 1 - hyper.beta1),
        ),
      );
      const squares = add(
        v,
        mul(
          sub(square(g), v),
          each(hypers, (hyper) => 1 - hyper.beta2),
        ),
      );
      const scale = add(
        sqrt(squares),
        each(hypers, (hyper) => hyper.epsilon),
      );
      const kept = decays
        ? mul(
            w,
            each(hypers, (hyper) => 1 - rate(hyper, step) * hyper.weightDecay),
          )
        : w;
      return { parameters: sub(kept, div(mul(mean, alpha), scale)), state: [mean, squares] };
    },
  };
}

function rmsprop(hypers: readonly Hyper[], withMomentum: boolean): Optimizer {
  return {
    start: (models, size) =>
      Array.from({ length: withMomentum ? 2 : 1 }, () => fill([models, size], 0)),
    update: (w, g, [v, m], step) => {
      const squares = add(
        mul(
          v,
          each(hypers, (hyper) => hyper.rho),
        ),
        mul(
          square(g),
          each(hypers, (hyper) => 1 - hyper.rho),
        ),
      );
      const scale = sqrt(
        add(
          squares,
          each(hypers, (hyper) => hyper.epsilon),
        ),
      );
      const change = div(mul(g, rates(hypers, step)), scale);
      if (!withMomentum) return { parameters: sub(w, change), state: [squares] };
      const velocity = add(
        mul(
          m,
          each(hypers, (hyper) => hyper.momentum),
        ),
        change,
      );
      return { parameters: sub(w, velocity), state: [squares, velocity] };
    },
  };
}

function adagrad(hypers: readonly Hyper[]): Optimizer {
  return {
    start: (models, size) => [
      add(
        fill([models, size], 0),
        each(hypers, (hyper) => hyper.initialAccumulator),
      ),
    ],
    update: (w, g, [accumulator], step) => {
      const squares = add(accumulator, square(g));
      const scale = sqrt(
        add(
          squares,
          each(hypers, (hyper) => hyper.epsilon),
        ),
      );
      return {
        parameters: sub(w, div(mul(g, rates(hypers, step)), scale)),
        state: [squares],
      };
    },
  };
}

function each(hypers: readonly Hyper[], value: (hyper: Hyper) => number): Tensor {
  return perNetwork(hypers.map(value));
}

function rates(hypers: readonly Hyper[], step: number): Tensor {
  return each(hypers, (hyper) => rate(hyper, step));
}

/** The learning rate of one step; past the end of a table its last entry stays. */
function rate(
  { learningRate, learningRates: table }: Pick<Hyper, "learningRate" | "learningRates">,
  step: number,
): number {
  return table === undefined ? learningRate : table[Math.min(step, table.length - 1)];
}
