import fc from "fast-check";
import { expect, test } from "vitest";
import { longDecimal } from "./long-decimal.ts";
import { NUMBER, NumberScanner } from "./number-scanner.ts";

const scanner = new NumberScanner();

function scan(text: string): number {
  const bytes = new TextEncoder().encode(`,${text},`);
  return scanner.scan(bytes, 1, bytes.length - 1);
}

/** As JavaScript reads it, where the text is a number in our sense. */
function expected(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

test("any number is read as JavaScript reads it, to the last bit", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const texts = [String(value), value.toExponential()];
      for (const text of [...texts, value.toPrecision(17), value.toPrecision(19)]) {
        expect(scan(text)).toBe(Number(text));
      }
    }),
    { numRuns: 3000 },
  );
});

test("decimals of any length are read as JavaScript reads them, halves between two numbers too", () => {
  const digits = fc.stringMatching(/^\d{1,24}$/);
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: -330, max: 330 }), (whole, part, exponent) => {
      for (const text of [whole, `${whole}.${part}`, `-.${part}`, `${whole}.${part}e${exponent}`]) {
        expect(scan(text)).toBe(expected(text));
      }
    }),
    { numRuns: 3000 },
  );
  // Halfway between two float64: 2^53 + 1, and neighbours; ties go to the even one.
  for (const text of ["9007199254740993", "9007199254740993.0", "900719925474099.3e1", "0.5"]) {
    expect(scan(text)).toBe(Number(text));
  }
});

test("whatever is no number is none", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-+.,eE0-9xn ]{0,8}$/), (text) => {
      expect(scan(text)).toBe(expected(text));
    }),
    { numRuns: 5000 },
  );
  for (const text of [
    "",
    "+",
    ".",
    "e5",
    "1e",
    "1e+",
    "0x1f",
    "1_000",
    "NaN",
    "Infinity",
    "1e999",
  ]) {
    expect(scan(text)).toBeNaN();
  }
});

test("a decimal that two float64 cannot decide is left to the caller, and few are", () => {
  // 2^53 + 1 lies in the middle.
  expect(longDecimal(900719925474099, 3, 1, 0)).toBeNaN();
  let undecided = 0;
  for (let i = 1; i <= 10_000; i++) {
    const value = Math.sin(i);
    const [, leading, trailing] = /^-?0\.(\d{15})(\d+)$/.exec(value.toFixed(17))!;
    const read = longDecimal(Number(leading), Number(trailing), trailing.length, 17);
    if (Number.isNaN(read)) undecided++;
    else expect(read).toBe(Number(`0.${leading}${trailing}`));
  }
  expect(undecided).toBeLessThan(10);
});
