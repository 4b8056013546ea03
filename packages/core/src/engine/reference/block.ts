// A dense layer, its activation and the operations behind it: y = after(activation(x W + b)).

import type { Layer, LayerPenalties } from "../../compile/plan.ts";
import type { Activation } from "../../spec/words.ts";
import {
  denseBiasGradient,
  denseForward,
  denseInputGradient,
  denseKernelGradient,
} from "./dense.ts";
import { addPenaltyGradient, penalty } from "./penalty.ts";
import type { Parameter, Pass, Stage } from "./stage.ts";
import { type Precision, type Tensor, tensor } from "./tensor.ts";

export interface BlockParts {
  readonly shape: Layer;
  /** The batch, or the output of the block before. */
  readonly input: Tensor;
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  readonly preActivations: Tensor;
  /** Null for linear. */
  readonly activation: Stage | null;
  readonly after: readonly Stage[];
  readonly penalties: LayerPenalties & { readonly l1: number; readonly l2: number };
  /** Whether a later block adds this one's output. */
  readonly isAdded: boolean;
}

export class Block {
  /** (batch, units): dOutput when it comes from the block behind; `backward` works in place. */
  readonly gradient: Tensor;
  /** What later blocks that add this one's output send back; null where none does. */
  readonly addedGradient: Tensor | null;

  readonly #parts: BlockParts;
  /** For the activity penalty where the loss passes the activation by; null without a penalty. */
  readonly #aside: Tensor | null;

  constructor(parts: BlockParts, precision: Precision) {
    const { preActivations, penalties, isAdded } = parts;
    const { activityL1, activityL2 } = penalties;
    const size = preActivations.length;
    this.#parts = parts;
    this.gradient = tensor(precision, size);
    this.addedGradient = isAdded ? tensor(precision, size) : null;
    this.#aside = activityL1 === 0 && activityL2 === 0 ? null : tensor(precision, size);
  }

  get units(): number {
    return this.#parts.shape.units;
  }

  get preActivations(): Tensor {
    return this.#parts.preActivations;
  }

  get output(): Tensor {
    return this.lastStage?.output ?? this.#parts.preActivations;
  }

  get input(): Tensor {
    return this.#parts.input;
  }

  /** The block's first activation; null where everything is linear. */
  get firstActivation(): Stage | null {
    const { activation, after } = this.#parts;
    return activation ?? after.find((stage) => stage.activation !== undefined) ?? null;
  }

  get lastStage(): Stage | null {
    return this.#parts.after.at(-1) ?? this.#parts.activation;
  }

  forward(batch: number, pass: Pass): void {
    const { shape, input, kernel, bias, preActivations, activation, after } = this.#parts;
    const biasValues = bias === null ? null : bias.values;
    denseForward(shape, batch, input, kernel.values, biasValues, preActivations);
    if (activation !== null) activation.forward(batch, pass);
    for (const stage of after) stage.forward(batch, pass);
  }

  /** Penalties on kernel and bias, and on the activated output per sample. */
  penalty(batch: number): number {
    const { kernel, bias, penalties } = this.#parts;
    const { l1, l2, biasL1, biasL2, activityL1, activityL2 } = penalties;
    const ofKernel = penalty(kernel.values, kernel.values.length, l1, l2);
    const ofBias = bias === null ? 0 : penalty(bias.values, bias.values.length, biasL1, biasL2);
    const count = batch * this.units;
    return ofKernel + ofBias + penalty(this.#activated, count, activityL1, activityL2) / batch;
  }

  /**
   * @param passesLast The loss has been differentiated by the input of the last stage already.
   * @param dInput Null for the first block of a network that asks no further.
   */
  backward(batch: number, passesLast: boolean, dInput: Tensor | null): void {
    const { shape, input, kernel, bias, activation, after, penalties } = this.#parts;
    const { gradient } = this;
    const passesActivation = passesLast && after.length === 0;
    this.#takeAddedGradient();
    for (let s = after.length - (passesLast ? 2 : 1); s >= 0; s--) {
      after[s].backward(batch, gradient);
    }
    if (passesActivation) {
      this.#addActivityGradientAside(batch);
    } else {
      this.#addActivityGradient(batch, gradient);
      if (activation !== null) activation.backward(batch, gradient);
    }
    denseKernelGradient(shape, batch, input, gradient, kernel.gradient);
    const { l1, l2, biasL1, biasL2 } = penalties;
    addPenaltyGradient(kernel.values, kernel.values.length, l1, l2, kernel.gradient);
    if (bias !== null) {
      denseBiasGradient(shape, batch, gradient, bias.gradient);
      addPenaltyGradient(bias.values, bias.values.length, biasL1, biasL2, bias.gradient);
    }
    if (dInput !== null) denseInputGradient(shape, batch, gradient, kernel.values, dInput);
  }

  commit(): void {
    for (const stage of this.#parts.after) stage.commit?.();
  }

  get #activated(): Tensor {
    return this.#parts.activation?.output ?? this.#parts.preActivations;
  }

  #addActivityGradient(batch: number, gradient: Tensor): void {
    const { activityL1, activityL2 } = this.#parts.penalties;
    const count = batch * this.units;
    addPenaltyGradient(this.#activated, count, activityL1 / batch, activityL2 / batch, gradient);
  }

  /** Takes the penalty's gradient alone through the activation, then adds it to the loss's. */
  #addActivityGradientAside(batch: number): void {
    if (this.#aside === null) return;
    this.#aside.fill(0);
    this.#addActivityGradient(batch, this.#aside);
    this.#parts.activation!.backward(batch, this.#aside);
    for (let i = 0; i < batch * this.units; i++) this.gradient[i] += this.#aside[i];
  }

  /** What has been gathered is spent: the next step gathers anew. */
  #takeAddedGradient(): void {
    const { gradient, addedGradient } = this;
    if (addedGradient === null) return;
    for (let i = 0; i < gradient.length; i++) gradient[i] += addedGradient[i];
    addedGradient.fill(0);
  }
}

/** The activation that makes a layer's last output; linear where none stands last. */
export function lastActivation({ activation, after = [] }: Layer): Activation {
  const working = after.filter((o) => o.kind !== "activation" || o.activation !== "linear");
  const last = working.at(-1);
  if (last === undefined) return activation;
  return last.kind === "activation" ? last.activation : "linear";
}
