// One array of NumPy's NPY format (versions 1 to 3), as numbers or texts in row-major order.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { TableError } from "../errors.ts";
import { checkCells } from "../size-limits.ts";

export interface NumpyArray {
  readonly shape: readonly number[];
  /** Row-major, whichever way the file has it. */
  readonly values: Float64Array | readonly string[];
}

/** @throws TableError */
export function parseNpy(name: string, bytes: Uint8Array): NumpyArray {
  const { header, data } = readHeader(name, bytes);
  const match = /'descr':\s*'([<>|=])([a-zA-Z])(\d+)'/.exec(header);
  const shapeText = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (shapeText === undefined || !header.includes("'descr'")) {
    throw unreadable(name, "has a header that NumPy does not write");
  }
  if (match === null) {
    throw unreadable(
      name,
      `holds ${/'descr':\s*\[/.test(header) ? "records" : "values"} of a type that is no number and no text; save a plain array, or the table with pandas as CSV or Parquet`,
    );
  }
  const [, order, kind, sizeText] = match;
  const shape = shapeText
    .split(",")
    .flatMap((part) => (part.trim() ? [Number.parseInt(part, 10)] : []));
  const count = shape.reduce((product, length) => product * length, 1);
  checkCells(name, count, 1);
  const size = Number(sizeText) * (kind === "U" ? 4 : 1);
  if (count * size > data.length) {
    throw unreadable(
      name,
      `should hold ${count * size} bytes and holds ${data.length}; it was cut off, save it again`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isLittle = order !== ">";
  const values = readValues(name, { view, kind, size, count, isLittle });
  const isFortran = /'fortran_order':\s*True/.test(header);
  return { shape, values: isFortran ? rowMajor(values, shape) : values };
}

function readHeader(name: string, bytes: Uint8Array): { header: string; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isShort = bytes[6] === 1;
  const start = isShort ? 10 : 12;
  if (bytes.length < start) throw unreadable(name, "was cut off; save it again");
  const end = start + (isShort ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < end) throw unreadable(name, "was cut off; save it again");
  const header = Array.from(bytes.subarray(start, Math.min(end, start + MAX_HEADER)), (byte) =>
    String.fromCharCode(byte),
  ).join("");
  return { header, data: bytes.subarray(end) };
}

/** NumPy's own limit (`max_header_size` of `numpy.load`). */
const MAX_HEADER = 10_000;

interface Encoded {
  readonly view: DataView;
  readonly kind: string;
  readonly size: number;
  readonly count: number;
  readonly isLittle: boolean;
}

function readValues(name: string, encoded: Encoded): NumpyArray["values"] {
  const { view, kind, size, count, isLittle } = encoded;
  if (kind === "U" || kind === "S") {
    return Array.from({ length: count }, (_, i) => textAt(encoded, i * size));
  }
  const read = NUMBERS[`${kind}${size}`];
  if (read === undefined) {
    const isObject = kind === "O";
    throw unreadable(
      name,
      isObject
        ? "holds Python objects, which are not read; save it with dtype=float, or dtype=str for names"
        : `holds values of type ${kind}${size}; save it as float64`,
    );
  }
  return Float64Array.from({ length: count }, (_, i) => read(view, i * size, isLittle));
}

const NUMBERS: Readonly<
  Record<string, ((view: DataView, at: number, isLittle: boolean) => number) | undefined>
> = {
  f2: (view, at, isLittle) => half(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
  u1: (view, at) => view.getUint8(at),
  b1: (view, at) => view.getUint8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  u8: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
};

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}

/** Texts are padded with zeros at their end. */
function textAt({ view, kind, size, isLittle }: Encoded, start: number): string {
  const step = kind === "U" ? 4 : 1;
  let text = "";
  for (let at = start; at < start + size; at += step) {
    const code = step === 4 ? view.getUint32(at, isLittle) : view.getUint8(at);
    if (code === 0) break;
    text += String.fromCodePoint(Math.min(code, 0x10ffff));
  }
  return text;
}

function rowMajor(values: NumpyArray["values"], shape: readonly number[]): NumpyArray["values"] {
  if (shape.length < 2) return values;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const place = (position: number) => {
    let rest = position;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return from;
  };
  return values instanceof Float64Array
    ? values.map((_, position) => values[place(position)])
    : values.map((_, position) => values[place(position)]);
}

function unreadable(name: string, says: string): TableError {
  return new TableError("TABLE_UNREADABLE", `${name} ${says}.`);
}
