// A curve in one line of text.

import { scaleOf } from "./svg/scale.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
const ASCII = "_.-=+*#@";

/**
 * One character per column, the value at evenly spaced epochs, the first and the last among them;
 * a blank where it is null. `at` places a value between 0 and 1.
 */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  at: (value: number) => number,
  isAscii = false,
): string {
  const glyphs = isAscii ? ASCII : BLOCKS;
  const columns = Math.min(width, values.length);
  return Array.from({ length: columns }, (_, column) => {
    const epoch =
      columns === 1 ? values.length - 1 : (column * (values.length - 1)) / (columns - 1);
    const value = values[Math.round(epoch)];
    if (value === null) return " ";
    const level = Math.floor(at(value) * glyphs.length);
    return glyphs[Math.min(Math.max(level, 0), glyphs.length - 1)];
  }).join("");
}

/** The same on a scale of its own, logarithmic where the values span more than two decades. */
export function ownSparkline(values: readonly (number | null)[], width: number): string {
  const known = values.filter((value) => value !== null);
  return sparkline(values, width, scaleOf(known, 4).at);
}
