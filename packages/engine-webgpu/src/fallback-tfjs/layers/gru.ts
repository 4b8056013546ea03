// A GRU as Keras has it by default (resetAfter: true), gates in Keras's order: update, reset,
// candidate. Each of the two products has a bias, and reset acts on the recurrent product.
//
//   candidate = tanh(x W + b + reset * (h U + b'))
//   h = update * h + (1 - update) * candidate

import { add, concat, mul, split, square, sub, tanh } from "@tensorflow/tfjs-core";
import { sigmoid, sigmoidSlope } from "./activation.ts";
import type { Layer, SampleShape } from "./layer.ts";
import { type Cell, type RecurrentOptions, recurrent } from "./recurrent.ts";

export function gru(inputShape: SampleShape, options: RecurrentOptions): Layer {
  return recurrent(inputShape, options, CELL);
}

const CELL: Cell = {
  gates: 3,
  states: 1,
  hasRecurrentBias: true,
  step(fromInput, fromState, [hBefore]) {
    const [inputUpdate, inputReset, inputCandidate] = split(fromInput, 3, 2);
    const [stateUpdate, stateReset, stateCandidate] = split(fromState, 3, 2);
    const update = sigmoid(add(inputUpdate, stateUpdate));
    const reset = sigmoid(add(inputReset, stateReset));
    const candidate = tanh(add(inputCandidate, mul(reset, stateCandidate)));
    return {
      states: [add(mul(update, hBefore), mul(sub(1, update), candidate))],
      backward([dH]) {
        const dUpdate = mul(mul(dH, sub(hBefore, candidate)), sigmoidSlope(update));
        const dCandidate = mul(mul(dH, sub(1, update)), sub(1, square(candidate)));
        const dReset = mul(mul(dCandidate, stateCandidate), sigmoidSlope(reset));
        return {
          dFromInput: concat([dUpdate, dReset, dCandidate], 2),
          dFromState: concat([dUpdate, dReset, mul(dCandidate, reset)], 2),
          dStates: [mul(dH, update)],
        };
      },
    };
  },
};
