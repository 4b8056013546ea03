// The parameters of one network in linear memory: trainable tensors behind each other, then moving
// statistics, each with its rows padded; gradients lie in an area of the same shape. So one call
// updates the whole network.

import type { ParameterLayout, ParameterTensor } from "../../compile/plan.ts";
import type { Arena } from "./arena.ts";
import type { Area } from "./clip-gradients.ts";
import { roundUp, rowBytes } from "./padding.ts";

/** The addresses of a tensor and of its gradient. */
export interface Parameter {
  readonly value: number;
  readonly gradient: number;
  /** Numbers with their padding. */
  readonly count: number;
}

export class Parameters {
  /** Those that the optimizer moves. */
  readonly values: number;
  readonly gradients: number;
  readonly count: number;

  readonly #arena: Arena;
  readonly #layout: ParameterLayout;
  /** Numbers of an area, padding included. */
  readonly #size: number;
  readonly #placed: readonly (Parameter & { readonly place: ParameterTensor })[];

  constructor(arena: Arena, layout: ParameterLayout) {
    const counts = layout.tensors.map(paddedCount);
    this.#size = counts.reduce((sum, count) => sum + count, 0);
    this.#arena = arena;
    this.#layout = layout;
    this.values = arena.allocate(this.#size);
    this.gradients = arena.allocate(this.#size);
    let offset = 0;
    this.#placed = layout.tensors.map((place, i) => {
      const start = offset;
      offset += 4 * counts[i];
      return {
        place,
        value: this.values + start,
        gradient: this.gradients + start,
        count: counts[i],
      };
    });
    this.count = this.#placed.reduce((sum, p) => sum + (p.place.trainable ? p.count : 0), 0);
  }

  /** A tensor of a dense layer, or with its position of an operation; null without such a one. */
  find(layer: number, kind: ParameterTensor["kind"], operation?: number): Parameter | null {
    const found = this.#placed.find(
      ({ place }) => place.layer === layer && place.kind === kind && place.operation === operation,
    );
    return found ?? null;
  }

  /** The gradients of each trainable tensor. */
  get trainableGradients(): Area[] {
    return this.#placed
      .filter(({ place }) => place.trainable)
      .map(({ gradient, count }) => ({ address: gradient, count }));
  }

  /** The numbers, flat in the order of the layout. */
  read(): Float32Array {
    return this.#readFlat(this.values);
  }

  /** As `read`; those of moving statistics are 0. */
  readGradients(): Float32Array {
    return this.#readFlat(this.gradients);
  }

  write(flat: Float32Array | Float64Array): void {
    const all = this.#all(this.values);
    this.#forEachPiece((padded, packed, count) => copy(flat, packed, all, padded, count));
  }

  #readFlat(address: number): Float32Array {
    const flat = new Float32Array(this.#layout.size);
    const all = this.#all(address);
    this.#forEachPiece((padded, packed, count) => copy(all, padded, flat, packed, count));
    return flat;
  }

  /** Where what has no padding within begins in an area and in the layout's flat order. */
  #forEachPiece(visit: (padded: number, packed: number, count: number) => void): void {
    for (const { place, value } of this.#placed) {
      const { rows, columns } = matrixShape(place.shape);
      const first = (value - this.values) / 4;
      const stride = rowBytes(columns) / 4;
      if (stride === columns) visit(first, place.offset, place.size);
      else {
        for (let i = 0; i < rows; i++) {
          visit(first + i * stride, place.offset + i * columns, columns);
        }
      }
    }
  }

  /** All numbers of an area. */
  #all(address: number): Float32Array {
    return this.#arena.floats(address, this.#size);
  }
}

function copy(
  from: Float32Array | Float64Array,
  first: number,
  to: Float32Array,
  place: number,
  count: number,
): void {
  if (count < FEWEST_AT_ONCE) {
    for (let i = 0; i < count; i++) to[place + i] = from[first + i];
  } else to.set(from.subarray(first, first + count), place);
}

/** Of fewer numbers a view costs more than their copy. */
const FEWEST_AT_ONCE = 32;

/** A vector is a single row. */
function matrixShape(shape: readonly number[]): { rows: number; columns: number } {
  return { rows: shape.length > 1 ? shape[0] : 1, columns: shape[shape.length - 1] };
}

/** Tiles of matmul touch rows in fours; a vector is read as one row. */
function paddedCount({ shape }: ParameterTensor): number {
  const { rows, columns } = matrixShape(shape);
  return ((shape.length > 1 ? roundUp(rows) : 1) * rowBytes(columns)) / 4;
}
