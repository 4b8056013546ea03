// A simple RNN: h = tanh(x W + h U + b).

import { add, mul, square, sub, tanh, zerosLike } from "@tensorflow/tfjs-core";
import type { Layer, SampleShape } from "./layer.ts";
import { type Cell, type RecurrentOptions, recurrent } from "./recurrent.ts";

export function simpleRnn(inputShape: SampleShape, options: RecurrentOptions): Layer {
  return recurrent(inputShape, options, CELL);
}

const CELL: Cell = {
  gates: 1,
  states: 1,
  hasRecurrentBias: false,
  step(fromInput, fromState) {
    const h = tanh(add(fromInput, fromState));
    return {
      states: [h],
      backward([dH]) {
        const dSum = mul(dH, sub(1, square(h)));
        return { dFromInput: dSum, dFromState: dSum, dStates: [zerosLike(h)] };
      },
    };
  },
};
