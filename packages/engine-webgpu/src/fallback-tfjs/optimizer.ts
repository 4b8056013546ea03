// Optimizers with the formulas and the places of epsilon of Keras 3, over the flat trainable
// parameters of every network at once: parameters, gradients and state are all (models, size). One
// operation per formula for the whole population is what keeps the number of dispatches independent
// of the number of layers. Clipping and decay come before it, in population.ts.

import type { Hyper, OptimizerKind } from "@convergence-lab/core";
import {
  abs,
  add,
  div,
  fill,
  maximum,
  mul,
  neg,
  sign,
  sqrt,
  square,
  sub,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { perNetwork } from "./per-network.ts";

export interface Optimizer {
  /** What the optimizer remembers before its first step. */
  start(models: number, size: number): Tensor[];
  /** Networks that are trained together have taken equally many steps. */
  update(gradients: Tensor, state: readonly Tensor[], at: At): Updated;
}

/** Where in its training a population stands. */
export interface At {
  /** The step, from 0. */
  readonly step: number;
  /** The learning rate of each network. */
  readonly rates: readonly number[];
}

export interface Updated {
  /** What the parameters lose. */
  readonly decrease: Tensor;
  readonly state: readonly Tensor[];
}

export function createOptimizer(kind: OptimizerKind, hypers: readonly Hyper[]): Optimizer {
  const each: Each = (value) => perNetwork(hypers.map(value));
  return CREATE[kind.name](each, kind, hypers);
}

type Each = (value: (hyper: Hyper, model: number) => number) => Tensor;

const CREATE: Record<
  OptimizerKind["name"],
  (each: Each, kind: OptimizerKind, hypers: readonly Hyper[]) => Optimizer
> = {
  sgd: (each, kind) => (kind.momentum ? momentumSgd(each, kind.nesterov) : sgd()),
  adam: (each, kind) => adam(each, kind.amsgrad ?? false),
  adamw: (each, kind) => adam(each, kind.amsgrad ?? false),
  nadam,
  adamax,
  rmsprop: (each, kind) => rmsprop(each, kind.centered ?? false, kind.momentum),
  adagrad,
  adadelta,
  lion,
};

function sgd(): Optimizer {
  return {
    start: () => [],
    update: (g, _state, { rates }) => ({ decrease: mul(g, perNetwork(rates)), state: [] }),
  };
}

function momentumSgd(each: Each, nesterov: boolean): Optimizer {
  return {
    start: zeroStates(1),
    update(g, [m], { rates }) {
      const momentum = each((hyper) => hyper.momentum);
      const change = mul(g, perNetwork(rates));
      const velocity = sub(mul(m, momentum), change);
      const increment = nesterov ? sub(mul(velocity, momentum), change) : velocity;
      return { decrease: neg(increment), state: [velocity] };
    },
  };
}

/** Kingma and Ba 2015; AMSGrad divides by the largest second moment so far (Reddi et al. 2018). */
function adam(each: Each, amsgrad: boolean): Optimizer {
  return {
    start: zeroStates(amsgrad ? 3 : 2),
    update(g, [m, v, largest], { step, rates }) {
      const alpha = each(
        ({ beta1, beta2 }, model) =>
          (rates[model] * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1)),
      );
      const [mean, squares] = moments(each, g, m, v);
      const most = amsgrad ? maximum(largest, squares) : squares;
      const scale = add(
        sqrt(most),
        each((hyper) => hyper.epsilon),
      );
      return {
        decrease: div(mul(mean, alpha), scale),
        state: amsgrad ? [mean, squares, most] : [mean, squares],
      };
    },
  };
}

/** Dozat 2015, with his schedule of the momentum. */
function nadam(each: Each): Optimizer {
  const momentumAt = (beta1: number, step: number) => beta1 * (1 - 0.5 * 0.96 ** step);
  /** By beta1: the product of the momenta of the steps so far. */
  const products = new Map<number, { step: number; product: number }>();
  const productAt = (beta1: number, step: number) => {
    const known = products.get(beta1) ?? { step: 0, product: 1 };
    products.set(beta1, known);
    for (; known.step < step; known.step++) known.product *= momentumAt(beta1, known.step + 1);
    return known.product;
  };
  return {
    start: zeroStates(2),
    update(g, [m, v], { step, rates }) {
      const meanScale = each(({ beta1 }) => {
        const next = momentumAt(beta1, step + 2);
        return next / (1 - productAt(beta1, step + 1) * next);
      });
      const gradientScale = each(
        ({ beta1 }) => (1 - momentumAt(beta1, step + 1)) / (1 - productAt(beta1, step + 1)),
      );
      const [mean, squares] = moments(each, g, m, v);
      const direction = add(mul(mean, meanScale), mul(g, gradientScale));
      const unbiased = mul(
        squares,
        each(({ beta2 }) => 1 / (1 - beta2 ** (step + 1))),
      );
      const scale = add(
        sqrt(unbiased),
        each((hyper) => hyper.epsilon),
      );
      return { decrease: div(mul(direction, perNetwork(rates)), scale), state: [mean, squares] };
    },
  };
}

function adamax(each: Each): Optimizer {
  return {
    start: zeroStates(2),
    update(g, [m, u], { step, rates }) {
      const alpha = each(({ beta1 }, model) => rates[model] / (1 - beta1 ** (step + 1)));
      const mean = towards(
        m,
        g,
        each(({ beta1 }) => 1 - beta1),
      );
      const largest = maximum(
        mul(
          u,
          each(({ beta2 }) => beta2),
        ),
        abs(g),
      );
      const scale = add(
        largest,
        each((hyper) => hyper.epsilon),
      );
      return { decrease: div(mul(mean, alpha), scale), state: [mean, largest] };
    },
  };
}

function rmsprop(each: Each, centered: boolean, withMomentum: boolean): Optimizer {
  return {
    start: zeroStates(1 + Number(centered) + Number(withMomentum)),
    update(g, [v, ...others], { rates }) {
      const rho = each((hyper) => hyper.rho);
      const rest = each((hyper) => 1 - hyper.rho);
      const state = [add(mul(v, rho), mul(square(g), rest))];
      let squares = state[0];
      if (centered) {
        const mean = add(mul(others[0], rho), mul(g, rest));
        squares = sub(squares, square(mean));
        state.push(mean);
      }
      const scale = sqrt(
        add(
          squares,
          each((hyper) => hyper.epsilon),
        ),
      );
      const change = div(mul(g, perNetwork(rates)), scale);
      if (!withMomentum) return { decrease: change, state };
      const before = mul(
        others[others.length - 1],
        each((hyper) => hyper.momentum),
      );
      const velocity = add(before, change);
      return { decrease: velocity, state: [...state, velocity] };
    },
  };
}

function adagrad(each: Each): Optimizer {
  return {
    start: (models, size) => [
      add(
        fill([models, size], 0),
        each((hyper) => hyper.initialAccumulator),
      ),
    ],
    update(g, [accumulator], { rates }) {
      const squares = add(accumulator, square(g));
      const scale = sqrt(
        add(
          squares,
          each((hyper) => hyper.epsilon),
        ),
      );
      return { decrease: div(mul(g, perNetwork(rates)), scale), state: [squares] };
    },
  };
}

/** Zeiler 2012: mean squares of gradients, `a`, and of changes before the learning rate, `d`. */
function adadelta(each: Each): Optimizer {
  return {
    start: zeroStates(2),
    update(g, [a, d], { rates }) {
      const rho = each((hyper) => hyper.rho);
      const rest = each((hyper) => 1 - hyper.rho);
      const epsilon = each((hyper) => hyper.epsilon);
      const squares = add(mul(a, rho), mul(square(g), rest));
      const change = div(mul(sqrt(add(d, epsilon)), g), sqrt(add(squares, epsilon)));
      const changes = add(mul(d, rho), mul(square(change), rest));
      return { decrease: mul(change, perNetwork(rates)), state: [squares, changes] };
    },
  };
}

/** Chen et al., "Symbolic discovery of optimization algorithms", 2023. */
function lion(each: Each): Optimizer {
  const mixed = (m: Tensor, g: Tensor, beta: (hyper: Hyper) => number) =>
    add(
      mul(m, each(beta)),
      mul(
        g,
        each((hyper) => 1 - beta(hyper)),
      ),
    );
  return {
    start: zeroStates(1),
    update: (g, [m], { rates }) => ({
      decrease: mul(sign(mixed(m, g, ({ beta1 }) => beta1)), perNetwork(rates)),
      state: [mixed(m, g, ({ beta2 }) => beta2)],
    }),
  };
}

function zeroStates(count: number): Optimizer["start"] {
  return (models, size) => Array.from({ length: count }, () => fill([models, size], 0));
}

/** Running means of gradients and of their squares, as the Adam family has them. */
function moments(each: Each, g: Tensor, m: Tensor, v: Tensor): [mean: Tensor, squares: Tensor] {
  return [
    towards(
      m,
      g,
      each(({ beta1 }) => 1 - beta1),
    ),
    towards(
      v,
      square(g),
      each(({ beta2 }) => 1 - beta2),
    ),
  ];
}

/** average + (value - average) share */
function towards(average: Tensor, value: Tensor, share: Tensor): Tensor {
  return add(average, mul(sub(value, average), share));
}
