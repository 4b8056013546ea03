import { expect, test } from "vitest";
import { sparkline } from "./sparkline.ts";

const same = (value: number) => value;

test.each([
  [[0, 0.5, 1], 3, "▁▅█"],
  [[1, 0.9, 0.1, 0], 2, "█▁"],
  [[0.5, null, 0.5], 3, "▅ ▅"],
  [[0, 1], 9, "▁█"],
  [[1], 5, "█"],
  [[], 5, ""],
])("%j in %i columns is %s", (values, width, expected) => {
  expect(sparkline(values, width, same)).toBe(expected);
});

test("in ASCII", () => {
  expect(sparkline([0, 0.5, 1], 3, same, true)).toBe("_+@");
});
