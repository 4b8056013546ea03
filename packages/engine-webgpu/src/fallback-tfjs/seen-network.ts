// One network of a population in a step that was read back, as core's probes look at networks.

import type { Activation, Matrix, NetworkInTraining } from "@convergence-lab/core";

/** A step of all networks, on the host. */
export interface SeenStep {
  readonly step: number;
  readonly rows: number;
  /** By network. */
  readonly rates: readonly { readonly planned: number; readonly factor: number }[];
  /** Of each block: the first activation, and its slope or scale by network. */
  readonly blocks: readonly {
    readonly activation: Activation;
    readonly alphas: readonly number[];
  }[];
  /** Tensors whose first axis is the network, by name. */
  readonly values: Readonly<Record<string, Float32Array>>;
}

export class SeenNetwork implements NetworkInTraining {
  readonly steps: number;
  readonly plannedLearningRate: number;
  readonly rateFactor: number;
  readonly regularizationLoss: number;
  isUpdated = false;

  readonly #seen: SeenStep;
  readonly #model: number;
  readonly #models: number;

  constructor(seen: SeenStep, model: number, models: number) {
    const { planned = Number.NaN, factor = Number.NaN } = seen.rates[model] ?? {};
    this.#seen = seen;
    this.#model = model;
    this.#models = models;
    this.steps = seen.step;
    this.plannedLearningRate = planned;
    this.rateFactor = factor;
    this.regularizationLoss = seen.values.penalties?.[model] ?? Number.NaN;
  }

  viewParameters(): Float32Array {
    return this.#own(this.isUpdated ? "parametersAfter" : "parameters");
  }

  viewGradients(): Float32Array {
    return this.#own("gradients");
  }

  gradientSquares(): number {
    return this.#seen.values.norms[this.#model] ** 2;
  }

  viewInputs(): Matrix {
    throw new Error("the inputs of a batch are not read back.");
  }

  viewOutputs(rows: number): Matrix {
    return rowsOf(this.#own("outputs"), rows);
  }

  viewLabels(): Float32Array {
    return this.#own("labels");
  }

  viewActivation(layer: number, rows: number) {
    const { activation, alphas } = this.#seen.blocks[layer];
    return {
      activation,
      alpha: alphas[this.#model],
      z: rowsOf(this.#own(`z${layer}`), rows),
      a: rowsOf(this.#own(`a${layer}`), rows),
    };
  }

  zeroGradientShare(layer: number): number {
    return this.#seen.values[`zeros${layer}`][this.#model];
  }

  #own(name: string): Float32Array {
    const all = this.#seen.values[name];
    const size = all.length / this.#models;
    return all.subarray(this.#model * size, (this.#model + 1) * size);
  }
}

function rowsOf(values: Float32Array, rows: number): Matrix {
  const columns = values.length / rows;
  return { values, rows, columns, stride: columns };
}
