// Bytes -> numbers, for files of millions of cells: most are read digit by digit without making a
// string of them, and the rest as JavaScript reads a number.

import { longDecimal } from "./long-decimal.ts";

/** What a cell must look like to be a number; `Number` alone would take "" and "0x1f" too. */
export const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * With at most 15 digits and a power of ten that is a float64 itself, one multiplication or
 * division is all that rounds, so the number is the nearest one (W. D. Clinger, "How to read
 * floating point numbers accurately", PLDI 1990).
 */
const EXACT_DIGITS = 15;
/** As many as `longDecimal` takes. */
const LONG_DIGITS = 19;
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

export class NumberScanner {
  /** Whether the number that was scanned last has a decimal point. */
  hasPoint = false;

  /** NaN where the bytes from `start` to `end` are no finite number. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    const sign = bytes[i];
    if (sign === MINUS || sign === PLUS) i++;
    let digits = 0;
    let significant = 0;
    let mantissa = 0;
    let trailing = 0;
    let power = 0;
    let point = false;
    for (; i < end; i++) {
      const digit = bytes[i] - ZERO;
      if (digit >= 0 && digit <= 9) {
        digits++;
        if (point) power--;
        if (significant > 0 || digit > 0) significant++;
        if (significant <= EXACT_DIGITS) mantissa = mantissa * 10 + digit;
        else trailing = trailing * 10 + digit;
      } else if (bytes[i] === POINT && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits === 0) return Number.NaN;
    if (i < end) {
      const exponent = scanExponent(bytes, i, end);
      if (Number.isNaN(exponent)) return Number.NaN;
      power += exponent;
    }
    this.hasPoint = point;
    let value: number;
    if (power > 22 || power < -22) value = Number.NaN;
    else if (significant > EXACT_DIGITS) {
      const isLong = significant <= LONG_DIGITS && power <= 0;
      const more = significant - EXACT_DIGITS;
      value = isLong ? longDecimal(mantissa, trailing, more, -power) : Number.NaN;
    } else value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
    if (!Number.isNaN(value)) return sign === MINUS ? -value : value;
    const slow = Number(asciiText(bytes, start, end));
    return Number.isFinite(slow) ? slow : Number.NaN;
  }
}

const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;

/** Of "e-5"; NaN for anything else. */
function scanExponent(bytes: Uint8Array, start: number, end: number): number {
  if ((bytes[start] | 0x20) !== 0x65) return Number.NaN;
  let i = start + 1;
  const sign = bytes[i];
  if (sign === MINUS || sign === PLUS) i++;
  if (i === end) return Number.NaN;
  let exponent = 0;
  for (; i < end; i++) {
    const digit = bytes[i] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = Math.min(9999, exponent * 10 + digit);
  }
  return sign === MINUS ? -exponent : exponent;
}

export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
