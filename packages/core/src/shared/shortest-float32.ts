// Float32 as decimal text.

/** The fewest digits that give the same float32 again: 0.1 and not 0.10000000149011612. */
export function shortestFloat32(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  // Nine significant digits tell any two float32 apart.
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
