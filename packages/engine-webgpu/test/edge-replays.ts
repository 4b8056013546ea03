// Training steps at the edges of what an engine takes: shapes drawn from those at which blocks and
// tiles end, activations around 1e4, equal logits, a rate of 0, and the largest shapes. Every engine
// is held to them: edge-replays.test.ts, edge-replays.gpu.test.ts.

import {
  ACTIVATIONS,
  type Activation,
  type Loss,
  OPTIMIZERS,
  uniformAt,
} from "@convergence-lab/core";
import type { ReplayCase } from "./replay-case.ts";
import { smallPlan } from "./small-plan.ts";

type Layers = ReplayCase["layers"];

/** One, primes, multiples of 4 and their neighbours. */
const SIZES = [1, 2, 3, 4, 5, 7, 8, 11, 13, 16, 17, 23, 31, 32, 33];

/** All but softmax, which stands at the end, and the exponential function, which leaves float32. */
const HIDDEN = ACTIVATIONS.filter((name) => name !== "softmax" && name !== "exponential");

const HEADS: readonly [Loss, Activation, units: number][] = [
  ["binaryCrossentropy", "sigmoid", 1],
  ["binaryFocalCrossentropy", "sigmoid", 1],
  ["hinge", "tanh", 1],
  ["sparseCategoricalCrossentropy", "softmax", 3],
  ["categoricalFocalCrossentropy", "softmax", 5],
  ["categoricalCrossentropy", "softmax", 7],
  ["meanSquaredError", "linear", 2],
  ["meanAbsoluteError", "linear", 1],
];

/** A network, its training and a batch, all drawn by the seed. */
export function drawnCase(seed: number): ReplayCase {
  let draws = 0;
  const oneOf = <T>(items: readonly T[]): T =>
    items[Math.floor(items.length * uniformAt(seed, 77, draws++))];
  const [loss, activation, units] = oneOf(HEADS);
  const depth = oneOf([0, 1, 1, 2, 3]);
  const hidden = Array.from({ length: depth }, () => ({
    units: oneOf(SIZES),
    activation: oneOf(HIDDEN),
    useBias: oneOf([true, true, false]),
  }));
  return {
    layers: [...hidden, { units, activation }] as Layers,
    train: { loss, optimizer: oneOf(OPTIMIZERS) },
    inputs: oneOf(SIZES),
    batch: oneOf(SIZES),
    classes: Math.max(2, units),
    scale: oneOf([1, 1, 1, 1e4]),
    seed,
  };
}

/** What is drawn, for the name of a test. */
export function describeCase({ layers, train, inputs, batch, scale }: ReplayCase): string {
  const widths = layers.map((layer) => {
    const { units, activation } = layer as { units: number; activation: string };
    return `${units} ${activation}`;
  });
  const { loss, optimizer } = train as { loss: string; optimizer: string };
  return `${batch} x ${inputs} in ±${scale}, ${widths.join(", ")}, ${loss}, ${optimizer}`;
}

const SOFTMAX = { units: 3, activation: "softmax" } as const;
const GENTLE = { optimizer: "sgd", learningRate: 1e-6 } as const;

/** One network for each activation inside a network. */
export const EXTREME_ACTIVATIONS: Readonly<Record<string, ReplayCase>> = Object.fromEntries(
  HIDDEN.map((activation) => [
    activation,
    { layers: [{ units: 3, activation }, SOFTMAX] as Layers, scale: 1e4, train: GENTLE },
  ]),
);

/** One network for each loss, twice. */
export const EXTREME_OUTPUTS: Readonly<Record<string, ReplayCase>> = {
  ...Object.fromEntries(
    HEADS.flatMap(([loss, activation, units]): [string, ReplayCase][] => {
      const layers = [{ units, activation }] as Layers;
      const classes = Math.max(2, units);
      return [
        [`${loss} around ±1e4`, { layers, classes, scale: 1e4, train: { ...GENTLE, loss } }],
        [`${loss}, all equal`, { layers, classes, parameters: () => 0, train: { loss } }],
      ];
    }),
  ),
  "softmax, all equal to 1e4": {
    layers: [SOFTMAX],
    parameters: (i) => (i < 12 ? 0 : 1e4),
    train: GENTLE,
  },
};

const WIDTH = 4096;
const BATCH = 4096;
const OUTPUTS = 1000;
const DEPTH = 32;

/** Weights so small that no unit of thousands of terms is saturated. */
const slight = (i: number) => 0.02 * (uniformAt(2, 0, i) - 0.5);

const softsign = (units: number) => ({ units, activation: "softsign" }) as const;

/** The largest networks that an engine must take, one step of each. */
export const LIMITS: Readonly<Record<string, ReplayCase>> = {
  "no hidden layer": { layers: [SOFTMAX] },
  [`${DEPTH} hidden layers`]: {
    layers: [...Array.from({ length: DEPTH }, () => softsign(5)), SOFTMAX],
    parameters: (i) => uniformAt(2, 0, i) - 0.5,
  },
  [`${WIDTH} units`]: {
    layers: [softsign(WIDTH), SOFTMAX],
    inputs: 3,
    batch: 5,
    parameters: slight,
  },
  [`${WIDTH} inputs`]: {
    layers: [softsign(3), SOFTMAX],
    inputs: WIDTH,
    batch: 5,
    parameters: slight,
  },
  [`a batch of ${BATCH}`]: { layers: [softsign(5), SOFTMAX], inputs: 3, batch: BATCH },
  [`${OUTPUTS} outputs`]: {
    layers: [softsign(8), { units: OUTPUTS, activation: "softmax" }],
    batch: 9,
    classes: OUTPUTS,
    parameters: slight,
  },
};

/** Layers of which none is like the one before: a text for each of them. */
export const UNLIKE_LAYERS: ReplayCase = {
  layers: [...Array.from({ length: DEPTH }, (_, l) => softsign(4 + (l % 2))), SOFTMAX],
  parameters: (i) => uniformAt(2, 0, i) - 0.5,
};

/** Rates of 0: no parameter moves, whatever the optimizer. */
export const STILL: Readonly<Record<string, ReplayCase>> = Object.fromEntries(
  OPTIMIZERS.map((optimizer) => [
    optimizer,
    {
      layers: [{ ...SOFTMAX, kernelRegularizer: { l2: 0.1 } }],
      train: { optimizer: { name: optimizer, weightDecay: 0.1 } },
      change: { learningRate: 0 },
    },
  ]),
);

/** A schedule whose rate is 0 from step `REACHES_ZERO_AT` on. */
export const REACHES_ZERO_AT = 3;
export function reachesZero(): ReplayCase {
  const layers: Layers = [SOFTMAX];
  const learningRate = { schedule: "cosine", initial: 0.1, decaySteps: REACHES_ZERO_AT } as const;
  const [plan] = smallPlan({
    classes: 3,
    layers,
    train: { loss: "sparseCategoricalCrossentropy", learningRate },
  });
  const { learningRates } = plan.runs[0].hyper;
  if (learningRates === undefined || learningRates[REACHES_ZERO_AT] !== 0) {
    throw new Error(`the rates are ${learningRates}, not 0 from step ${REACHES_ZERO_AT} on`);
  }
  return { layers, steps: 5, change: { learningRates } };
}
