// One optimizer step over all parameters of a network with Keras 3's formulas and places of epsilon;
// see docs/training-semantics.md. Decoupled decay reaches every parameter, biases too.

import type { OptimizerKind } from "@convergence-lab/core";
import { openNetwork } from "../network-memory.wgsl.ts";

export interface OptimizerOptions {
  readonly kind: OptimizerKind;
  /** Number of cooperating lanes, a WGSL expression. */
  readonly lanes: string;
  /** Blocks of one copy of the parameters. */
  readonly parameterBlocks: number;
  /** Index expression of a block of a copy: 0 parameters, 1 gradients, 2 and on the state. */
  readonly slot: (slot: number, block: string) => string;
}

/**
 * The function `updateParameters(lane)`; its `correction` is the factor by which Adam's rate is
 * corrected for moments that start at 0.
 */
export function optimizerWgsl(options: OptimizerOptions): string {
  const { kind, lanes, parameterBlocks, slot } = options;
  const { constants, update } = source(kind);
  const places = Array.from(update.matchAll(/\bstate(\d)\b/g), (match) => Number(match[1]));
  const states = [...new Set(places)].sort();
  return /* wgsl */ `
fn updateParameters(lane: u32) {${openNetwork}
  let entry = &networks[networkIndex];
  let learningRate = rates[min((*entry).firstLearningRate + at.step, (*entry).lastLearningRate)];
  let correction = rates[min((*entry).firstCorrection + at.step, (*entry).lastCorrection)];
${constants.map((name) => `  let ${name} = (*entry).${name};`).join("\n")}
  for (var i = lane; i < ${parameterBlocks}u; i += ${lanes}) {
    let w = (*parameters)[${slot(0, "i")}];
    let g = (*parameters)[${slot(1, "i")}];
${states.map((n) => `    var state${n} = (*parameters)[${slot(2 + n, "i")}];`).join("\n")}
${update.trimEnd()}
${states.map((n) => `    (*parameters)[${slot(2 + n, "i")}] = state${n};`).join("\n")}
    (*parameters)[${slot(0, "i")}] = updated;
  }
}
`;
}

interface OptimizerSource {
  /** Fields of the network's table entry that the update reads. */
  readonly constants: readonly string[];
  /** Gives `updated` from parameter `w` and gradient `g`, and changes `state0`, `state1`. */
  readonly update: string;
}

function source({ name, momentum, nesterov }: OptimizerKind): OptimizerSource {
  switch (name) {
    case "sgd":
      if (!momentum) {
        return { constants: [], update: "    let updated = w - learningRate * g;" };
      }
      return {
        constants: ["momentum"],
        update: /* wgsl */ `
    state0 = momentum * state0 - learningRate * g;
    let updated = w + ${nesterov ? "(momentum * state0 - learningRate * g)" : "state0"};`,
      };
    case "adam":
    case "adamw":
      return {
        constants: [
          "oneMinusBeta1",
          "oneMinusBeta2",
          "epsilon",
          ...(name === "adamw" ? ["weightDecay"] : []),
        ],
        update: /* wgsl */ `
    state0 += (g - state0) * oneMinusBeta1;
    state1 += (g * g - state1) * oneMinusBeta2;
    let kept = ${name === "adamw" ? "w - learningRate * weightDecay * w" : "w"};
    let updated = kept - learningRate * correction * state0 / (sqrt(state1) + epsilon);`,
      };
    case "rmsprop":
      return {
        constants: ["rho", "oneMinusRho", "epsilon", ...(momentum ? ["momentum"] : [])],
        update: /* wgsl */ `
    state0 = rho * state0 + oneMinusRho * g * g;
    let increment = learningRate * g / sqrt(state0 + epsilon);
    ${
      momentum
        ? `state1 = momentum * state1 + increment;
    let updated = w - state1;`
        : "let updated = w - increment;"
    }`,
      };
    case "adagrad":
      return {
        constants: ["epsilon"],
        update: /* wgsl */ `
    state0 += g * g;
    let updated = w - learningRate * g / sqrt(state0 + epsilon);`,
      };
    default:
      throw new Error(`${name} has no kernel; requireSupported should have refused it.`);
  }
}
