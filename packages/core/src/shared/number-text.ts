// Numbers as people read them in sentences and tables. The full number is in the JSON.

/** `digits` significant digits, and an exponent only outside 1e-4 .. 1e6. */
export function shortNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "not finite";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(digits - 1);
  return fixed(value, digits - 1 - Math.floor(Math.log10(size)));
}

/**
 * An effect and the ends of its interval with the same decimals: as many as the interval's width
 * makes meaningful (two digits of a width that starts with 1 to 4, else one, as the Particle Data
 * Group rounds), and enough that no end other than 0 reads as 0, which is what a verdict turns on.
 */
export function intervalNumbers(effect: number, low: number, high: number): string[] {
  const width = high - low;
  const wanted = [low, high].filter((end) => Number.isFinite(end) && end !== 0).map(firstDecimal);
  if (Number.isFinite(width) && width > 0) {
    const leading = width * 10 ** firstDecimal(width);
    wanted.push(firstDecimal(width) + (leading < 5 ? 1 : 0));
  } else if (Number.isFinite(effect) && effect !== 0) {
    wanted.push(firstDecimal(effect) + 2);
  }
  const decimals = Math.max(0, ...wanted);
  // Beyond six decimals nobody counts zeros.
  return [effect, low, high].map((value) =>
    decimals > 6 && Number.isFinite(value) ? shortNumber(value, 2) : fixed(value, decimals),
  );
}

/** A share as a percentage: "95%", one decimal below 10% and above 90% unless it is whole. */
export function percent(share: number): string {
  const value = 100 * share;
  const decimals = (value < 10 || value > 90) && !Number.isInteger(value) ? 1 : 0;
  return `${fixed(value, decimals)}%`;
}

/** A true minus sign before a number; an exponent keeps its hyphen, as programs read it. */
export function withMinus(text: string): string {
  return text.replace(/^-/, "\u2212");
}

/** Position of a number's first digit after the point: 0.012 gives 2, 0.5 gives 1, 30 gives -1. */
function firstDecimal(value: number): number {
  return -Math.floor(Math.log10(Math.abs(value)));
}

/** `toFixed` without "-0.00". */
function fixed(value: number, decimals: number): string {
  const text = value.toFixed(Math.min(Math.max(decimals, 0), 100));
  return Number(text) === 0 ? text.replace("-", "") : text;
}
