// How a network's loss reads its last block: what activation makes the outputs, and whether the loss
// is computed from that activation's input; docs/training-semantics.md has the pairs.

import type { Activation, Layer, Network, Operation } from "@convergence-lab/core";
import { isCategorical } from "../loss/loss.wgsl.ts";

export interface LossHead {
  readonly activation: Activation;
  /** The loss takes the input of the activation, and differentiates by it. */
  readonly passesActivation: boolean;
  /** Whether the loss reads logits: those, or outputs that the user calls so. */
  readonly isFromLogits: boolean;
}

export function lossHead({ loss, fromLogits = false, layers }: Network): LossHead {
  const last = layers[layers.length - 1];
  const activation = lastActivation(last);
  const own = isCategorical(loss) ? "softmax" : loss.startsWith("binary") ? "sigmoid" : null;
  const passesActivation =
    !fromLogits && activation === own && (own === "sigmoid" || last.units > 1);
  return { activation, passesActivation, isFromLogits: fromLogits || passesActivation };
}

/** Operations that do something; a linear activation does not. */
export function isWorking(operation: Operation): boolean {
  return operation.kind !== "activation" || operation.activation !== "linear";
}

/** What makes a layer's last output; linear where that is no activation. */
function lastActivation({ activation, after = [] }: Layer): Activation {
  const last = after.filter(isWorking).at(-1);
  if (last === undefined) return activation;
  return last.kind === "activation" ? last.activation : "linear";
}
