// The windows of an image under a convolution kernel, for images that lie plane by plane:
// (planes, samples, height, width). One slice per kernel position gives that position's value in
// every window, and putting such slices back where they came from is the backward pass. Slices copy
// whole rows on every backend, where a gather on tfjs-wasm walks its indices one by one.

import {
  add,
  pad,
  type Rank,
  reshape,
  slice,
  stridedSlice,
  type Tensor,
  type Tensor3D,
} from "@tensorflow/tfjs-core";

export type Padding = "valid" | "same";
export type Pair = readonly [number, number];

export interface WindowOptions {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

export class Windows {
  /** Height and width of the output. */
  readonly outputSize: Pair;
  /** Positions in the kernel. */
  readonly positions: number;
  readonly #inputSize: Pair;
  readonly #options: WindowOptions;
  /** Rows and columns of padding before the image, and its size with all of it. */
  readonly #before: Pair;
  readonly #paddedSize: Pair;

  constructor(inputSize: Pair, options: WindowOptions) {
    const axes = [0, 1].map((axis) => windowAxis(inputSize[axis], options, axis));
    this.#inputSize = inputSize;
    this.#options = options;
    this.outputSize = pairOf(axes, ({ output }) => output);
    this.positions = options.kernelSize[0] * options.kernelSize[1];
    this.#before = pairOf(axes, ({ before }) => before);
    this.#paddedSize = pairOf(axes, ({ padded }) => padded);
  }

  /** For each kernel position (planes, samples * windows); `images` is (planes, samples, h, w). */
  slices(images: Tensor, padValue = 0): Tensor[] {
    const [planes, samples, height, width] = images.shape as [number, number, number, number];
    const stack = reshape<Rank.R3>(images, [planes * samples, height, width]);
    const padded = this.#pad(stack, padValue);
    const [rows, columns] = this.outputSize;
    const [rowStride, columnStride] = this.#options.strides;
    return this.#offsets().map(([top, left]) => {
      const part =
        rowStride === 1 && columnStride === 1
          ? slice(padded, [0, top, left], [planes * samples, rows, columns])
          : stridedSlice(
              padded,
              [0, top, left],
              [
                planes * samples,
                top + (rows - 1) * rowStride + 1,
                left + (columns - 1) * columnStride + 1,
              ],
              [1, rowStride, columnStride],
            );
      return reshape(part, [planes, samples * rows * columns]);
    });
  }

  /** The sum of slices put back to where `slices` took them from: (planes, samples, h, w). */
  scatter(slices: readonly Tensor[], planes: number, samples: number): Tensor {
    const [height, width] = this.#inputSize;
    const [paddedHeight, paddedWidth] = this.#paddedSize;
    const spread = this.#offsets().map(([top, left], position) => {
      const part = this.#spread(slices[position], planes * samples);
      const [, rows, columns] = part.shape;
      return pad(part, [
        [0, 0],
        [top, paddedHeight - top - rows],
        [left, paddedWidth - left - columns],
      ]);
    });
    // Not addN, which on tfjs-webgpu binds all of them at once, more than a device allows.
    const sum = spread.reduce((a, b) => add(a, b));
    const [top, left] = this.#before;
    const cropped = slice(sum, [0, top, left], [planes * samples, height, width]);
    return reshape(cropped, [planes, samples, height, width]);
  }

  /** For each window, how many of its positions are no padding. */
  insideCounts(): number[] {
    const [rows, columns] = [0, 1].map((axis) =>
      Array.from({ length: this.outputSize[axis] }, (_, output) => {
        const { kernelSize, strides, dilation } = this.#options;
        const first = output * strides[axis] - this.#before[axis];
        return Array.from(
          { length: kernelSize[axis] },
          (_position, k) => first + k * dilation[axis],
        ).filter((at) => at >= 0 && at < this.#inputSize[axis]).length;
      }),
    );
    return rows.flatMap((row) => columns.map((column) => row * column));
  }

  /** Where each kernel position meets the first window, in padded coordinates; row-major. */
  #offsets(): Pair[] {
    const { kernelSize, dilation } = this.#options;
    return Array.from({ length: this.positions }, (_, position) => [
      Math.floor(position / kernelSize[1]) * dilation[0],
      (position % kernelSize[1]) * dilation[1],
    ]);
  }

  #pad(stack: Tensor3D, value: number): Tensor3D {
    const [top, left] = this.#before;
    const bottom = this.#paddedSize[0] - this.#inputSize[0] - top;
    const right = this.#paddedSize[1] - this.#inputSize[1] - left;
    if (top + bottom + left + right === 0) return stack;
    const paddings: [number, number][] = [
      [0, 0],
      [top, bottom],
      [left, right],
    ];
    return pad(stack, paddings, value);
  }

  /** Output values with zeros between them, one stride apart: (images, rows, columns). */
  #spread(values: Tensor, images: number): Tensor3D {
    const [rows, columns] = this.outputSize;
    const [rowStride, columnStride] = this.#options.strides;
    let spread: Tensor3D = reshape<Rank.R3>(values, [images, rows, columns]);
    if (columnStride > 1) {
      const gaps = pad(reshape(spread, [images, rows * columns, 1]), [
        [0, 0],
        [0, 0],
        [0, columnStride - 1],
      ]);
      spread = reshape<Rank.R3>(gaps, [images, rows, columns * columnStride]);
    }
    if (rowStride > 1) {
      const width = columns * columnStride;
      const gaps = pad(reshape(spread, [images, rows, width]), [
        [0, 0],
        [0, 0],
        [0, (rowStride - 1) * width],
      ]);
      spread = reshape<Rank.R3>(gaps, [images, rows * rowStride, width]);
    }
    if (rowStride === 1 && columnStride === 1) return spread;
    return slice(
      spread,
      [0, 0, 0],
      [images, (rows - 1) * rowStride + 1, (columns - 1) * columnStride + 1],
    );
  }
}

interface WindowAxis {
  readonly output: number;
  readonly before: number;
  readonly padded: number;
}

/** TensorFlow's rule: "same" gives ceil(input / stride) outputs, the odd row of padding goes behind. */
function windowAxis(input: number, options: WindowOptions, axis: number): WindowAxis {
  const stride = options.strides[axis];
  const extent = (options.kernelSize[axis] - 1) * options.dilation[axis] + 1;
  if (options.padding === "valid") {
    return { output: Math.floor((input - extent) / stride) + 1, before: 0, padded: input };
  }
  const output = Math.ceil(input / stride);
  const zeros = Math.max((output - 1) * stride + extent - input, 0);
  return { output, before: Math.floor(zeros / 2), padded: input + zeros };
}

function pairOf(axes: readonly WindowAxis[], value: (axis: WindowAxis) => number): Pair {
  return [value(axes[0]), value(axes[1])];
}
