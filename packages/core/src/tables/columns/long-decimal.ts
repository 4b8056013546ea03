// Decimals of 16 to 19 digits, such as repr writes of a float64, without making a string of them:
// computed with twice float64's digits, and taken only where that decides the rounding.

/**
 * (leading * 10^digits + trailing) / 10^places, rounded to the nearest float64; NaN where the digits
 * of two float64 do not decide, which is rare, and the caller must read it another way.
 *
 * @param leading Below 10^15.
 * @param trailing The digits after it, as a number of at most `digits`, 1 to 4.
 * @param places 0 to 22, so that the power of ten is exact.
 */
export function longDecimal(
  leading: number,
  trailing: number,
  digits: number,
  places: number,
): number {
  const scale = POWERS_OF_TEN[digits];
  const product = leading * scale;
  const productError = errorOfProduct(leading, scale, product);
  const high = product + trailing;
  const low = trailing - (high - product) + productError;
  const divisor = POWERS_OF_TEN[places];
  const quotient = high / divisor;
  const back = quotient * divisor;
  const rest = high - back - errorOfProduct(quotient, divisor, back) + low;
  const correction = rest / divisor;
  const value = quotient + correction;
  const remainder = correction - (value - quotient);
  // A. Ziv's test (TOMS 17, 1991): a remainder that is a little larger gives the same float64.
  return value + remainder * ZIV === value ? value : Number.NaN;
}

/** The remainder is right to 2^-50 of itself and more. */
const ZIV = 1 + 2 ** -40;

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** What was rounded off a product (T. J. Dekker, "A floating-point technique", 1971). */
function errorOfProduct(a: number, b: number, product: number): number {
  const aBig = SPLIT * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = SPLIT * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** Cuts the 53 bits of a float64 in two halves. */
const SPLIT = 2 ** 27 + 1;
