// A dense layer, its activation and the operations behind it: y = after(activation(x W + b)).

import type { Layer, LayerPenalties } from "../../compile/plan.ts";
import type { Pass } from "../reference/stage.ts";
import type { Arena } from "./arena.ts";
import type { Kernels } from "./kernels.ts";
import { roundUp, rowBytes } from "./padding.ts";
import type { Parameter } from "./parameters.ts";
import type { Stage } from "./stage.ts";

export interface BlockParts {
  readonly shape: Layer;
  /** Most rows. */
  readonly capacity: number;
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  /** (rows, units): x W + b. */
  readonly preActivations: number;
  /** relu is part of matmul, and its output overwrites the pre-activations. */
  readonly isFusedRelu: boolean;
  /** Null for linear, and where the network's head computes it. */
  readonly activation: Stage | null;
  readonly after: readonly Stage[];
  readonly penalties: LayerPenalties & { readonly l1: number; readonly l2: number };
  /** Whether a later block adds this one's output. */
  readonly isAdded: boolean;
  /** Whether something in front of the block asks for its gradient. */
  readonly passesBack: boolean;
}

/** Rows of a matrix: where they start, and how far apart they are. */
export interface Rows {
  readonly address: number;
  readonly rowBytes: number;
}

export class Block {
  /** (rows, units): dOutput when it comes from the block behind; `backward` works in place. */
  readonly gradient: number;
  /** What later blocks that add this one's output send back; 0 where none does. */
  readonly addedGradient: number;
  /** From one row of the matrices to the next. */
  readonly rowBytes: number;

  readonly #kernels: Kernels;
  readonly #parts: BlockParts;
  /** Room for the transposed kernel; 0 where nothing is passed back. */
  readonly #transposed: number;
  readonly #penalizesActivity: boolean;
  /** For the activity penalty where the loss passes the activation by; 0 without a penalty. */
  readonly #aside: number;

  constructor(kernels: Kernels, arena: Arena, parts: BlockParts) {
    const { shape, capacity, penalties, isAdded, passesBack } = parts;
    const { inputs, units } = shape;
    this.rowBytes = rowBytes(units);
    const size = (capacity * this.rowBytes) / 4;
    this.#kernels = kernels;
    this.#parts = parts;
    this.gradient = arena.allocate(size);
    this.addedGradient = isAdded ? arena.allocate(size) : 0;
    this.#transposed = passesBack ? arena.allocate((roundUp(units) * rowBytes(inputs)) / 4) : 0;
    this.#penalizesActivity = penalties.activityL1 !== 0 || penalties.activityL2 !== 0;
    this.#aside = this.#penalizesActivity ? arena.allocate(size) : 0;
  }

  get units(): number {
    return this.#parts.shape.units;
  }

  get preActivations(): number {
    return this.#parts.preActivations;
  }

  get output(): number {
    return this.lastStage?.output ?? this.#parts.preActivations;
  }

  /** The block's first activation; null where everything is linear or the head computes it. */
  get firstActivation(): Stage | null {
    const { activation, after } = this.#parts;
    return activation ?? after.find((stage) => stage.activation !== undefined) ?? null;
  }

  get lastStage(): Stage | null {
    return this.#parts.after.at(-1) ?? this.#parts.activation;
  }

  forward(rows: number, input: Rows, pass: Pass): void {
    const { shape, kernel, bias, preActivations, isFusedRelu, activation, after } = this.#parts;
    this.#kernels.matmul(
      input.address,
      input.rowBytes,
      4,
      kernel.value,
      this.rowBytes,
      preActivations,
      this.rowBytes,
      bias === null ? 0 : bias.value,
      isFusedRelu ? 0 : -Infinity,
      rows,
      roundUp(shape.units),
      shape.inputs,
    );
    if (activation !== null) activation.forward(rows, pass);
    for (const stage of after) stage.forward(rows, pass);
  }

  /** Penalties on kernel and bias, and on the activated output per sample. */
  penalty(rows: number): number {
    const { kernel, bias, penalties } = this.#parts;
    const { l1, l2, biasL1, biasL2, activityL1, activityL2 } = penalties;
    const { penalty } = this.#kernels;
    let sum = 0;
    if (l1 !== 0 || l2 !== 0) sum += penalty(kernel.value, kernel.count, l1, l2);
    if (bias !== null && (biasL1 !== 0 || biasL2 !== 0)) {
      sum += penalty(bias.value, bias.count, biasL1, biasL2);
    }
    if (this.#penalizesActivity) {
      sum += penalty(this.#activated, this.#count(rows), activityL1, activityL2) / rows;
    }
    return sum;
  }

  /**
   * @param input What `forward` has seen.
   * @param passesLast The loss has been differentiated by the input of the last stage already.
   * @param dInput Null where nothing in front asks for a gradient.
   */
  backward(rows: number, input: Rows, passesLast: boolean, dInput: Rows | null): void {
    const { activation, after } = this.#parts;
    const { gradient } = this;
    if (this.addedGradient !== 0) this.#takeAddedGradient(rows);
    for (let s = after.length - (passesLast ? 2 : 1); s >= 0; s--) {
      after[s].backward(rows, gradient);
    }
    if (passesLast && after.length === 0) {
      if (this.#penalizesActivity) this.#addActivityGradientAside(rows);
    } else {
      if (this.#penalizesActivity) this.#addActivityGradient(rows, gradient);
      if (activation !== null) activation.backward(rows, gradient);
    }
    this.#parameterGradients(rows, input);
    if (dInput !== null) this.#inputGradient(rows, dInput);
  }

  commit(): void {
    for (const stage of this.#parts.after) stage.commit?.();
  }

  get #activated(): number {
    return this.#parts.activation?.output ?? this.#parts.preActivations;
  }

  /** Numbers in `rows` rows, padding included. */
  #count(rows: number): number {
    return (rows * this.rowBytes) / 4;
  }

  #parameterGradients(rows: number, input: Rows): void {
    const { matmul, columnSums, addPenaltyGradient } = this.#kernels;
    const { shape, kernel, bias, penalties } = this.#parts;
    const { l1, l2, biasL1, biasL2 } = penalties;
    matmul(
      input.address,
      4,
      input.rowBytes,
      this.gradient,
      this.rowBytes,
      kernel.gradient,
      this.rowBytes,
      0,
      -Infinity,
      shape.inputs,
      roundUp(shape.units),
      rows,
    );
    if (l1 !== 0 || l2 !== 0) {
      addPenaltyGradient(kernel.value, kernel.gradient, kernel.count, l1, l2);
    }
    if (bias === null) return;
    columnSums(this.gradient, this.rowBytes, bias.gradient, rows, roundUp(shape.units));
    if (biasL1 !== 0 || biasL2 !== 0) {
      addPenaltyGradient(bias.value, bias.gradient, bias.count, biasL1, biasL2);
    }
  }

  #inputGradient(rows: number, dInput: Rows): void {
    const { matmul, transpose } = this.#kernels;
    const { shape, kernel } = this.#parts;
    transpose(
      kernel.value,
      this.rowBytes,
      this.#transposed,
      dInput.rowBytes,
      roundUp(shape.inputs),
      roundUp(shape.units),
    );
    matmul(
      this.gradient,
      this.rowBytes,
      4,
      this.#transposed,
      dInput.rowBytes,
      dInput.address,
      dInput.rowBytes,
      0,
      -Infinity,
      rows,
      roundUp(shape.inputs),
      shape.units,
    );
  }

  #addActivityGradient(rows: number, gradient: number): void {
    const { activityL1, activityL2 } = this.#parts.penalties;
    const [l1, l2] = [activityL1 / rows, activityL2 / rows];
    this.#kernels.addPenaltyGradient(this.#activated, gradient, this.#count(rows), l1, l2);
  }

  /** Takes the penalty's gradient alone through the activation, then adds it to the loss's. */
  #addActivityGradientAside(rows: number): void {
    const count = this.#count(rows);
    this.#kernels.clear(this.#aside, count);
    this.#addActivityGradient(rows, this.#aside);
    this.#parts.activation!.backward(rows, this.#aside);
    this.#kernels.addTo(this.gradient, this.#aside, count);
  }

  /** What has been gathered is spent: the next step gathers anew. */
  #takeAddedGradient(rows: number): void {
    const count = this.#count(rows);
    this.#kernels.addTo(this.gradient, this.addedGradient, count);
    this.#kernels.clear(this.addedGradient, count);
  }
}
