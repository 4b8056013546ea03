import { expect, test } from "vitest";
import { parameterLayout } from "../../compile/parameter-layout.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import { dense } from "./matrix.ts";
import type { ProbedNetwork } from "./probed-network.ts";

const layer = { inputs: 2, units: 1, useBias: true, activation: "relu" } as const;
/** Three layers of a kernel of 2 and a bias. */
const layout = parameterLayout([layer, layer, layer]);

interface State {
  readonly parameters?: number[];
  readonly gradients?: number[];
  readonly inputs?: number[];
  /** Per layer. */
  readonly z?: number[];
  readonly a?: number[];
}

/** All numbers are 0 but those at the given positions, which are NaN or infinite. */
function network({ parameters = [], gradients = [], inputs = [], z = [], a = [] }: State) {
  const withBad = (size: number, bad: number[]) =>
    Float32Array.from({ length: size }, (_, i) => (bad.includes(i) ? Number.NaN : 0));
  return {
    viewParameters: () => withBad(9, parameters),
    viewGradients: () => withBad(9, gradients),
    viewInputs: () => dense(withBad(2, inputs), 2),
    viewActivation: (l: number) => ({
      activation: "relu",
      alpha: 0,
      z: dense(withBad(1, z.includes(l) ? [0] : []), 1),
      a: dense(Float32Array.of(a.includes(l) ? Number.POSITIVE_INFINITY : 0), 1),
    }),
  } as unknown as ProbedNetwork;
}

const found = (state: State, divergedOn: number | null = 1, steps = 7) =>
  firstNonFinite(network(state), layout, 3, steps, divergedOn);

test("of the update before: gradients from the last layer, else parameters from the first", () => {
  expect(found({ parameters: [0, 8], gradients: [1, 4] })).toEqual({
    step: 6,
    tensor: "gradients",
    layer: 1,
  });
  expect(found({ parameters: [8, 3] })).toEqual({ step: 6, tensor: "parameters", layer: 1 });
  expect(found({ parameters: [8] }, null)).toEqual({ step: 6, tensor: "parameters", layer: 2 });
  expect(found({ parameters: [0] }, 1, 0)).toEqual({ step: 0, tensor: "parameters", layer: 0 });
});

test("of the step itself: inputs, activations from the first layer, loss", () => {
  expect(found({ inputs: [1], z: [0] })).toEqual({ step: 7, tensor: "inputs" });
  expect(found({ z: [2], a: [1] })).toEqual({ step: 7, tensor: "activations", layer: 1 });
  expect(found({})).toEqual({ step: 7, tensor: "loss" });
  expect(found({}, null)).toBeNull();
});
