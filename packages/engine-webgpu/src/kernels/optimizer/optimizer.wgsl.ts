// One optimizer step over all trainable parameters of a network with Keras 3's formulas and places
// of epsilon; see docs/training-semantics.md. Decoupled decay reaches every parameter, biases too.

import type { OptimizerKind } from "@convergence-lab/core";
import { openNetwork } from "../network-memory.wgsl.ts";

export interface OptimizerOptions {
  readonly kind: OptimizerKind;
  readonly hasWeightDecay: boolean;
  /** Whether gradient elements are clipped to the network's `clip`. */
  readonly clipsValues: boolean;
  /** Number of cooperating lanes, a WGSL expression. */
  readonly lanes: string;
  /** Blocks of trainable parameters. */
  readonly trainableBlocks: number;
  /** What the step's learning rate is multiplied by, a WGSL expression. */
  readonly rateFactor: string;
  /** Index expression of a block of a copy: 0 parameters, 1 gradients, 2 and on the state. */
  readonly slot: (slot: number, block: string) => string;
}

/** The function `updateParameters(lane)`. */
export function optimizerWgsl(options: OptimizerOptions): string {
  const { kind, hasWeightDecay, clipsValues, lanes, trainableBlocks, slot } = options;
  const { constants, corrections = 0, states, update } = OPTIMIZERS[kind.name](kind);
  const named = [
    ...constants,
    ...(hasWeightDecay ? ["weightDecay"] : []),
    ...(clipsValues ? ["clip"] : []),
  ];
  const numbers = Array.from({ length: corrections }, (_, i) => i);
  const stored = Array.from({ length: states }, (_, n) => n);
  const gradient = `(*parameters)[${slot(1, "i")}]`;
  return /* wgsl */ `
fn updateParameters(lane: u32) {${openNetwork}
  let entry = &networks[networkIndex];
  let learningRate = ${options.rateFactor}rates[min((*entry).firstLearningRate + at.step, (*entry).lastLearningRate)];
${corrections > 0 ? `  let corrections = min((*entry).firstCorrection + ${corrections}u * at.step, (*entry).lastCorrection);` : ""}
${numbers.map((i) => `  let correction${i} = rates[corrections + ${i}u];`).join("\n")}
${named.map((name) => `  let ${name} = (*entry).${name};`).join("\n")}
  for (var i = lane; i < ${trainableBlocks}u; i += ${lanes}) {
    ${hasWeightDecay ? "var" : "let"} w = (*parameters)[${slot(0, "i")}];
    let g = ${clipsValues ? `clamp(${gradient}, vec4f(-clip), vec4f(clip))` : gradient};
${stored.map((n) => `    var state${n} = (*parameters)[${slot(2 + n, "i")}];`).join("\n")}
${hasWeightDecay ? "    w -= learningRate * weightDecay * w;" : ""}
${update.trimEnd()}
${stored.map((n) => `    (*parameters)[${slot(2 + n, "i")}] = state${n};`).join("\n")}
    (*parameters)[${slot(0, "i")}] = updated;
  }
}
`;
}

/** Copies of the parameters that an optimizer keeps. */
export function optimizerStates(kind: OptimizerKind): number {
  return OPTIMIZERS[kind.name](kind).states;
}

interface OptimizerSource {
  /** Fields of the network's table entry that the update reads. */
  readonly constants: readonly string[];
  /** Numbers of each step that it reads from `rates` (population/rate-table.ts). */
  readonly corrections?: number;
  readonly states: number;
  /** Gives `updated` from parameter `w` and gradient `g`, and changes `state0`, `state1`, ... */
  readonly update: string;
}

const MOMENTS = /* wgsl */ `
    state0 += (g - state0) * oneMinusBeta1;
    state1 += (g * g - state1) * oneMinusBeta2;`;

const OPTIMIZERS: Record<OptimizerKind["name"], (kind: OptimizerKind) => OptimizerSource> = {
  sgd: ({ momentum, nesterov }) =>
    momentum
      ? {
          constants: ["momentum"],
          states: 1,
          update: /* wgsl */ `
    state0 = momentum * state0 - learningRate * g;
    let updated = w + ${nesterov ? "(momentum * state0 - learningRate * g)" : "state0"};`,
        }
      : { constants: [], states: 0, update: "    let updated = w - learningRate * g;" },
  adam,
  adamw: adam,
  nadam: () => ({
    constants: ["oneMinusBeta1", "oneMinusBeta2", "epsilon"],
    corrections: 3,
    states: 2,
    update: /* wgsl */ `${MOMENTS}
    let direction = correction0 * state0 + correction1 * g;
    let updated = w - learningRate * direction / (sqrt(correction2 * state1) + epsilon);`,
  }),
  adamax: () => ({
    constants: ["oneMinusBeta1", "beta2", "epsilon"],
    corrections: 1,
    states: 2,
    update: /* wgsl */ `
    state0 += (g - state0) * oneMinusBeta1;
    state1 = max(beta2 * state1, abs(g));
    let updated = w - learningRate * correction0 * state0 / (state1 + epsilon);`,
  }),
  rmsprop: ({ momentum, centered }) => {
    const velocity = centered ? 2 : 1;
    return {
      constants: ["rho", "oneMinusRho", "epsilon", ...(momentum ? ["momentum"] : [])],
      states: 1 + Number(centered ?? false) + Number(momentum),
      update: /* wgsl */ `
    state0 = rho * state0 + oneMinusRho * g * g;
    ${
      centered
        ? // A variance, which only rounding makes negative.
          `state1 = rho * state1 + oneMinusRho * g;
    let spread = max(state0 - state1 * state1, vec4f());`
        : "let spread = state0;"
    }
    let increment = learningRate * g / sqrt(spread + epsilon);
    ${
      momentum
        ? `state${velocity} = momentum * state${velocity} + increment;
    let updated = w - state${velocity};`
        : "let updated = w - increment;"
    }`,
    };
  },
  adagrad: () => ({
    constants: ["epsilon"],
    states: 1,
    update: /* wgsl */ `
    state0 += g * g;
    let updated = w - learningRate * g / sqrt(state0 + epsilon);`,
  }),
  adadelta: () => ({
    constants: ["rho", "oneMinusRho", "epsilon"],
    states: 2,
    update: /* wgsl */ `
    state0 = rho * state0 + oneMinusRho * g * g;
    let change = -(sqrt(state1 + epsilon) * g) / sqrt(state0 + epsilon);
    state1 = rho * state1 + oneMinusRho * change * change;
    let updated = w + learningRate * change;`,
  }),
  lion: () => ({
    constants: ["beta1", "oneMinusBeta1", "beta2", "oneMinusBeta2"],
    states: 1,
    update: /* wgsl */ `
    let updated = w - learningRate * sign(beta1 * state0 + oneMinusBeta1 * g);
    state0 = beta2 * state0 + oneMinusBeta2 * g;`,
  }),
};

function adam({ amsgrad }: OptimizerKind): OptimizerSource {
  return {
    constants: ["oneMinusBeta1", "oneMinusBeta2", "epsilon"],
    corrections: 1,
    states: amsgrad ? 3 : 2,
    update: /* wgsl */ `${MOMENTS}
    ${amsgrad ? "state2 = max(state2, state1);" : ""}
    let updated = w - learningRate * correction0 * state0 / (sqrt(state${amsgrad ? 2 : 1}) + epsilon);`,
  };
}
