// Optimizers with the formulas and the places of epsilon of Keras 3. One update goes over all
// trainable parameters of a network at once; clipping and decay come before it, in train-step.ts.

import type { Hyper, OptimizerKind } from "../../compile/plan.ts";
import { type Precision, type Tensor, tensor } from "./tensor.ts";

/** Moves the parameters by their gradients; keeps its moments and step count inside. */
export type Update = (parameters: Tensor, gradients: Tensor, learningRate: number) => void;

export function createOptimizer(
  kind: OptimizerKind,
  hyper: Hyper,
  size: number,
  precision: Precision,
): Update {
  return OPTIMIZERS[kind.name](hyper, kind, (start = 0) => tensor(precision, size).fill(start));
}

/** @param state Makes one number per parameter. */
type Create = (hyper: Hyper, kind: OptimizerKind, state: (start?: number) => Tensor) => Update;

const OPTIMIZERS: Record<OptimizerKind["name"], Create> = {
  sgd: (hyper, kind, state) => (kind.momentum ? momentumSgd(hyper, kind, state()) : sgd),
  adam: adamOrAmsgrad,
  adamw: adamOrAmsgrad,
  nadam: (hyper, _kind, state) => nadam(hyper, state(), state()),
  adamax: (hyper, _kind, state) => adamax(hyper, state(), state()),
  rmsprop: (hyper, kind, state) =>
    rmsprop(hyper, state(), kind.centered ? state() : null, kind.momentum ? state() : null),
  adagrad: (hyper, _kind, state) => adagrad(hyper, state(hyper.initialAccumulator)),
  adadelta: (hyper, _kind, state) => adadelta(hyper, state(), state()),
  lion: (hyper, _kind, state) => lion(hyper, state()),
};

function adamOrAmsgrad(...[hyper, kind, state]: Parameters<Create>): Update {
  return kind.amsgrad ? amsgrad(hyper, state(), state(), state()) : adam(hyper, state(), state());
}

function sgd(w: Tensor, g: Tensor, learningRate: number): void {
  for (let i = 0; i < w.length; i++) w[i] -= learningRate * g[i];
}

function momentumSgd({ momentum }: Hyper, { nesterov }: OptimizerKind, m: Tensor): Update {
  return (w, g, learningRate) => {
    for (let i = 0; i < w.length; i++) {
      const velocity = momentum * m[i] - learningRate * g[i];
      m[i] = velocity;
      w[i] += nesterov ? momentum * velocity - learningRate * g[i] : velocity;
    }
  };
}

/** Kingma and Ba 2015. */
function adam({ beta1, beta2, epsilon }: Hyper, m: Tensor, v: Tensor): Update {
  let step = 0;
  return (w, g, learningRate) => {
    step++;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    for (let i = 0; i < w.length; i++) {
      const mean = m[i] + (g[i] - m[i]) * (1 - beta1);
      const square = v[i] + (g[i] * g[i] - v[i]) * (1 - beta2);
      m[i] = mean;
      v[i] = square;
      w[i] -= (alpha * mean) / (Math.sqrt(square) + epsilon);
    }
  };
}

/** Adam with the largest second moment so far (Reddi et al. 2018); apart, to keep Adam's loop bare. */
function amsgrad({ beta1, beta2, epsilon }: Hyper, m: Tensor, v: Tensor, largest: Tensor): Update {
  let step = 0;
  return (w, g, learningRate) => {
    step++;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
    for (let i = 0; i < w.length; i++) {
      const mean = m[i] + (g[i] - m[i]) * (1 - beta1);
      const square = v[i] + (g[i] * g[i] - v[i]) * (1 - beta2);
      const most = Math.max(largest[i], square);
      m[i] = mean;
      v[i] = square;
      largest[i] = most;
      w[i] -= (alpha * mean) / (Math.sqrt(most) + epsilon);
    }
  };
}

/** Dozat 2015, with his schedule of the momentum. */
function nadam({ beta1, beta2, epsilon }: Hyper, m: Tensor, v: Tensor): Update {
  const momentumAt = (step: number) => beta1 * (1 - 0.5 * 0.96 ** step);
  let step = 0;
  let product = 1;
  return (w, g, learningRate) => {
    step++;
    const now = momentumAt(step);
    const next = momentumAt(step + 1);
    product *= now;
    const meanScale = next / (1 - product * next);
    const gradientScale = (1 - now) / (1 - product);
    const unbias = 1 / (1 - beta2 ** step);
    for (let i = 0; i < w.length; i++) {
      const mean = m[i] + (g[i] - m[i]) * (1 - beta1);
      const square = v[i] + (g[i] * g[i] - v[i]) * (1 - beta2);
      m[i] = mean;
      v[i] = square;
      const direction = meanScale * mean + gradientScale * g[i];
      w[i] -= (learningRate * direction) / (Math.sqrt(unbias * square) + epsilon);
    }
  };
}

function adamax({ beta1, beta2, epsilon }: Hyper, m: Tensor, u: Tensor): Update {
  let step = 0;
  return (w, g, learningRate) => {
    step++;
    const alpha = learningRate / (1 - beta1 ** step);
    for (let i = 0; i < w.length; i++) {
      const mean = m[i] + (g[i] - m[i]) * (1 - beta1);
      const largest = Math.max(beta2 * u[i], Math.abs(g[i]));
      m[i] = mean;
      u[i] = largest;
      w[i] -= (alpha * mean) / (largest + epsilon);
    }
  };
}

function rmsprop(
  { rho, momentum, epsilon }: Hyper,
  v: Tensor,
  average: Tensor | null,
  m: Tensor | null,
): Update {
  return (w, g, learningRate) => {
    for (let i = 0; i < w.length; i++) {
      const square = rho * v[i] + (1 - rho) * g[i] * g[i];
      v[i] = square;
      let denominator = square + epsilon;
      if (average !== null) {
        const mean = rho * average[i] + (1 - rho) * g[i];
        average[i] = mean;
        denominator = square - mean * mean + epsilon;
      }
      let increment = (learningRate * g[i]) / Math.sqrt(denominator);
      if (m !== null) {
        increment += momentum * m[i];
        m[i] = increment;
      }
      w[i] -= increment;
    }
  };
}

function adagrad({ epsilon }: Hyper, accumulator: Tensor): Update {
  return (w, g, learningRate) => {
    for (let i = 0; i < w.length; i++) {
      const square = accumulator[i] + g[i] * g[i];
      accumulator[i] = square;
      w[i] -= (learningRate * g[i]) / Math.sqrt(square + epsilon);
    }
  };
}

/** Zeiler 2012: mean squares of gradients, `a`, and of changes before the learning rate, `d`. */
function adadelta({ rho, epsilon }: Hyper, a: Tensor, d: Tensor): Update {
  return (w, g, learningRate) => {
    for (let i = 0; i < w.length; i++) {
      const square = rho * a[i] + (1 - rho) * g[i] * g[i];
      const change = -(Math.sqrt(d[i] + epsilon) * g[i]) / Math.sqrt(square + epsilon);
      a[i] = square;
      d[i] = rho * d[i] + (1 - rho) * change * change;
      w[i] += learningRate * change;
    }
  };
}

/** Chen et al., "Symbolic discovery of optimization algorithms", 2023. */
function lion({ beta1, beta2 }: Hyper, m: Tensor): Update {
  return (w, g, learningRate) => {
    for (let i = 0; i < w.length; i++) {
      w[i] -= learningRate * Math.sign(beta1 * m[i] + (1 - beta1) * g[i]);
      m[i] = beta2 * m[i] + (1 - beta2) * g[i];
    }
  };
}
