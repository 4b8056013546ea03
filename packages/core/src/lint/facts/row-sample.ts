// Evenly spaced rows, for facts that need no more of them. Not random: equal data, equal facts.

/** Up to `most` of `rows` row numbers, ascending. */
export function rowSample(rows: number, most: number): Int32Array {
  const taken = Math.min(rows, most);
  return Int32Array.from({ length: taken }, (_, i) => Math.floor((i * rows) / taken));
}
