// An LSTM with Keras's gates in Keras's order: input, forget, candidate, output.
//
//   c = forget * c + input * candidate
//   h = output * tanh(c)

import { add, concat, mul, split, square, sub, tanh, zerosLike } from "@tensorflow/tfjs-core";
import { sigmoid, sigmoidSlope } from "./activation.ts";
import type { Layer, SampleShape } from "./layer.ts";
import { type Cell, type RecurrentOptions, recurrent } from "./recurrent.ts";

export function lstm(inputShape: SampleShape, options: RecurrentOptions): Layer {
  return recurrent(inputShape, options, CELL);
}

const CELL: Cell = {
  gates: 4,
  states: 2,
  hasRecurrentBias: false,
  step(fromInput, fromState, [, cBefore]) {
    const sums = split(add(fromInput, fromState), 4, 2);
    const input = sigmoid(sums[0]);
    const forget = sigmoid(sums[1]);
    const candidate = tanh(sums[2]);
    const output = sigmoid(sums[3]);
    const c = add(mul(forget, cBefore), mul(input, candidate));
    const tanhC = tanh(c);
    const h = mul(output, tanhC);
    return {
      states: [h, c],
      backward([dH, dCAfter]) {
        const dC = add(dCAfter, mul(mul(dH, output), sub(1, square(tanhC))));
        const dSums = concat(
          [
            mul(mul(dC, candidate), sigmoidSlope(input)),
            mul(mul(dC, cBefore), sigmoidSlope(forget)),
            mul(mul(dC, input), sub(1, square(candidate))),
            mul(mul(dH, tanhC), sigmoidSlope(output)),
          ],
          2,
        );
        return {
          dFromInput: dSums,
          dFromState: dSums,
          dStates: [zerosLike(h), mul(dC, forget)],
        };
      },
    };
  },
};
