// Numbers of the reference engine: plain typed arrays, row-major. The precision decides only how
// numbers are stored; arithmetic between two stores is in double, as JavaScript's always is.

export type Precision = "float32" | "float64";
export type Tensor = Float32Array | Float64Array;

export function tensor(precision: Precision, content: number | ArrayLike<number>): Tensor {
  const size = typeof content === "number" ? content : content.length;
  const made = precision === "float32" ? new Float32Array(size) : new Float64Array(size);
  if (typeof content !== "number") made.set(content);
  return made;
}

/** The number as the precision stores it. */
export function rounded(precision: Precision, value: number): number {
  return precision === "float32" ? Math.fround(value) : value;
}
