// A network's flat parameters and gradients, and views of them by name.

import type { ParameterLayout, ParameterTensor } from "../../compile/plan.ts";
import type { Parameter } from "./stage.ts";
import { type Precision, type Tensor, tensor } from "./tensor.ts";

export class Parameters {
  /** Flat, in the order of the layout. The gradients of moving statistics stay 0. */
  readonly values: Tensor;
  readonly gradients: Tensor;
  /** Those that the optimizer moves: the front part of both. */
  readonly trainable: Parameter;

  readonly #layout: ParameterLayout;

  constructor(layout: ParameterLayout, start: Float32Array | Float64Array, precision: Precision) {
    this.#layout = layout;
    this.values = tensor(precision, start);
    this.gradients = tensor(precision, layout.size);
    this.trainable = this.view(0, layout.trainable);
  }

  /** A tensor of a dense layer, or with its position of an operation; null without such a one. */
  find(layer: number, kind: ParameterTensor["kind"], operation?: number): Parameter | null {
    const place = this.#layout.tensors.find(
      (t) => t.layer === layer && t.kind === kind && t.operation === operation,
    );
    return place === undefined ? null : this.view(place.offset, place.size);
  }

  view(offset: number, size: number): Parameter {
    return {
      values: this.values.subarray(offset, offset + size),
      gradient: this.gradients.subarray(offset, offset + size),
    };
  }
}
