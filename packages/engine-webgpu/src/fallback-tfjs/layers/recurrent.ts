// The loop over time that simple RNN, LSTM and GRU share. Products with the input kernel, and all
// gradients of parameters, are one batched matMul over all steps; only the product with the
// recurrent kernel has to wait for the step before.
//
//   input            (models, batch, steps, inputs)
//   kernel           (models, inputs, gates * units)
//   recurrentKernel  (models, units, gates * units)
//   bias             (models, gates * units), or (models, 2, gates * units) with one bias for each
//                    of the two products
//   output           (models, batch, units), or every step's: (models, batch, steps, units)

import {
  add,
  reshape,
  slice,
  stack,
  sum,
  type Tensor,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import { batchedMatMul, withNonFiniteOf } from "./batched-mat-mul.ts";
import type { Forward, Layer, SampleShape } from "./layer.ts";

export interface RecurrentOptions {
  readonly units: number;
  readonly useBias: boolean;
  /** Whether the output is that of every step, or of the last one. */
  readonly returnSequences: boolean;
}

export interface Cell {
  readonly gates: number;
  /** Tensors that go from step to step; the first is the output. */
  readonly states: number;
  /** Whether the recurrent product has a bias of its own. */
  readonly hasRecurrentBias: boolean;
  /** `fromInput` and `fromState` are (models, batch, gates * units), states (models, batch, units). */
  step(fromInput: Tensor, fromState: Tensor, states: readonly Tensor[]): CellStep;
}

export interface CellStep {
  readonly states: readonly Tensor[];
  backward(dStates: readonly Tensor[]): CellGradients;
}

export interface CellGradients {
  readonly dFromInput: Tensor;
  readonly dFromState: Tensor;
  /** What reaches the states before the step other than through `fromState`. */
  readonly dStates: readonly Tensor[];
}

export function recurrent(inputShape: SampleShape, options: RecurrentOptions, cell: Cell): Layer {
  const [steps, inputs] = inputShape;
  const { units, useBias, returnSequences } = options;
  const width = cell.gates * units;
  const biasShape = cell.hasRecurrentBias ? [2, width] : [width];
  return {
    inputShape,
    outputShape: returnSequences ? [steps, units] : [units],
    parameters: [
      { name: "kernel", shape: [inputs, width] },
      { name: "recurrentKernel", shape: [units, width] },
      ...(useBias ? [{ name: "bias" as const, shape: biasShape }] : []),
    ],
    forward([kernel, recurrentKernel, bias], input): Forward {
      const [models, batch] = input.shape;
      const biasOf = (product: number) =>
        reshape(slice(reshape(bias, [models, -1, width]), [0, product, 0], [models, 1, width]), [
          models,
          1,
          width,
        ]);
      const rows = reshape(input, [models, batch * steps, inputs]);
      const projected = batchedMatMul(rows, kernel);
      const withBias = useBias ? add(projected, biasOf(0)) : projected;
      const fromInput = unstack(reshape(withBias, [models, batch, steps, width]), 2);
      const recurrentBias = useBias && cell.hasRecurrentBias ? biasOf(1) : null;

      const outputsBefore: Tensor[] = [];
      const taken: CellStep[] = [];
      let states: readonly Tensor[] = Array.from({ length: cell.states }, () =>
        zeros([models, batch, units]),
      );
      for (let t = 0; t < steps; t++) {
        const product = batchedMatMul(states[0], recurrentKernel);
        const fromState = recurrentBias === null ? product : add(product, recurrentBias);
        const step = cell.step(fromInput[t], fromState, states);
        outputsBefore.push(states[0]);
        taken.push(step);
        states = step.states;
      }
      return {
        output: returnSequences
          ? stack(
              taken.map((step) => step.states[0]),
              2,
            )
          : states[0],
        backward(dOutput) {
          const dOutputs = returnSequences ? unstack(dOutput, 2) : null;
          const dFromInput: Tensor[] = [];
          const dFromState: Tensor[] = [];
          let dStates: readonly Tensor[] = states.map((state, i) =>
            i === 0 && dOutputs === null ? dOutput : zeros(state.shape),
          );
          for (let t = steps - 1; t >= 0; t--) {
            const [dOwn, ...others] = dStates;
            const step = taken[t].backward([
              dOutputs === null ? dOwn : add(dOwn, dOutputs[t]),
              ...others,
            ]);
            dFromInput[t] = step.dFromInput;
            dFromState[t] = step.dFromState;
            const throughProduct = batchedMatMul(step.dFromState, recurrentKernel, false, true);
            dStates = [add(step.dStates[0], throughProduct), ...step.dStates.slice(1)];
          }
          const overTime = (values: Tensor[], size: number) =>
            reshape(stack(values, 2), [models, batch * steps, size]);
          const dProjected = overTime(dFromInput, width);
          const dProducts = overTime(dFromState, width);
          const dKernel = batchedMatMul(rows, dProjected, true, false);
          const dRecurrentKernel = batchedMatMul(
            overTime(outputsBefore, units),
            dProducts,
            true,
            false,
          );
          const dBias = cell.hasRecurrentBias
            ? stack([sum(dProjected, 1), sum(dProducts, 1)], 1)
            : sum(dProjected, 1);
          return {
            dParameters: useBias
              ? [dKernel, dRecurrentKernel, dBias]
              : [
                  withNonFiniteOf(dProjected, dKernel),
                  withNonFiniteOf(dProducts, dRecurrentKernel),
                ],
            dInput: () => reshape(batchedMatMul(dProjected, kernel, false, true), input.shape),
          };
        },
      };
    },
  };
}
