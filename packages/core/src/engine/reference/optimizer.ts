// Optimizers with the formulas and the places of epsilon of Keras 3. One update goes over all
// parameters of a network at once; decoupled decay reaches every one of them, biases too.

import type { Hyper, OptimizerKind } from "../../compile/plan.ts";
import { type Precision, type Tensor, tensor } from "./tensor.ts";

/** Moves the parameters by their gradients; keeps its moments and step count inside. */
export type Update = (parameters: Tensor, gradients: Tensor) => void;

export function createOptimizer(
  kind: OptimizerKind,
  hyper: Hyper,
  size: number,
  precision: Precision,
): Update {
  const state = (start = 0) => tensor(precision, size).fill(start);
  switch (kind.name) {
    case "sgd":
      return kind.momentum ? momentumSgd(hyper, kind.nesterov, state()) : sgd(hyper);
    case "adam":
    case "adamw":
      return adam(hyper, state(), state());
    case "rmsprop":
      return rmsprop(hyper, state(), kind.momentum ? state() : null);
    case "adagrad":
      return adagrad(hyper, state(hyper.initialAccumulator));
  }
}

function sgd({ learningRate }: Hyper): Update {
  return (w, g) => {
    for (let i = 0; i < w.length; i++) w[i] -= learningRate * g[i];
  };
}

function momentumSgd({ learningRate, momentum }: Hyper, nesterov: boolean, m: Tensor): Update {
  return (w, g) => {
    for (let i = 0; i < w.length; i++) {
      const velocity = momentum * m[i] - learningRate * g[i];
      m[i] = velocity;
      w[i] += nesterov ? momentum * velocity - learningRate * g[i] : velocity;
    }
  };
}

function adam(hyper: Hyper, m: Tensor, v: Tensor): Update {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = hyper;
  const kept = 1 - learningRate * weightDecay;
  let step = 0;
  return (w, g) => {
    step++;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    for (let i = 0; i < w.length; i++) {
      const mean = m[i] + (g[i] - m[i]) * (1 - beta1);
      const square = v[i] + (g[i] * g[i] - v[i]) * (1 - beta2);
      m[i] = mean;
      v[i] = square;
      w[i] = kept * w[i] - (alpha * mean) / (Math.sqrt(square) + epsilon);
    }
  };
}

function rmsprop(hyper: Hyper, v: Tensor, m: Tensor | null): Update {
  const { learningRate, rho, momentum, epsilon } = hyper;
  return (w, g) => {
    for (let i = 0; i < w.length; i++) {
      const square = rho * v[i] + (1 - rho) * g[i] * g[i];
      v[i] = square;
      let increment = (learningRate * g[i]) / Math.sqrt(square + epsilon);
      if (m !== null) {
        increment += momentum * m[i];
        m[i] = increment;
      }
      w[i] -= increment;
    }
  };
}

function adagrad({ learningRate, epsilon }: Hyper, accumulator: Tensor): Update {
  return (w, g) => {
    for (let i = 0; i < w.length; i++) {
      const square = accumulator[i] + g[i] * g[i];
      accumulator[i] = square;
      w[i] -= (learningRate * g[i]) / Math.sqrt(square + epsilon);
    }
  };
}
