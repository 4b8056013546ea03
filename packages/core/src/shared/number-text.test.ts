import { expect, test } from "vitest";
import { intervalNumbers, percent, shortNumber, withMinus } from "./number-text.ts";

test.each([
  [0, "0"],
  [0.69349, "0.693"],
  [0.0123456, "0.0123"],
  [1, "1.00"],
  [12345.6, "12346"],
  [-0.5, "-0.500"],
  [1e-7, "1.00e-7"],
  [2.5e6, "2.50e+6"],
  [Number.NaN, "not finite"],
])("%d reads %s", (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

test.each([
  [0.0122, 0.0081, 0.0172, "0.012 0.008 0.017"],
  [0.31, 0.29, 0.325, "0.310 0.290 0.325"],
  [150, 20, 1900, "150 20 1900"],
  [0.2, 0.00042, 0.4, "0.2000 0.0004 0.4000"],
  [-0.001, -0.02, 0.01, "-0.001 -0.020 0.010"],
  [0.25, 0.25, 0.25, "0.250 0.250 0.250"],
  [0, 0, 0, "0 0 0"],
  [3e-9, 1e-9, 5e-9, "3.0e-9 1.0e-9 5.0e-9"],
])("%d in %d .. %d reads %s", (effect, low, high, text) => {
  expect(intervalNumbers(effect, low, high).join(" ")).toBe(text);
});

test.each([
  [0, "0%"],
  [0.016, "1.6%"],
  [0.5, "50%"],
  [0.129, "13%"],
  [0.9434, "94.3%"],
  [1, "100%"],
])("a share of %d is %s", (share, text) => {
  expect(percent(share)).toBe(text);
});

test.each([
  ["-0.3", "−0.3"],
  ["2.5e-11", "2.5e-11"],
  ["-2.5e-11", "−2.5e-11"],
])("%s has its minus before it: %s", (text, shown) => {
  expect(withMinus(text)).toBe(shown);
});
