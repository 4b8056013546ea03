import { expect, test } from "vitest";
import { evenlySpaced } from "./evenly-spaced.ts";

test.each([
  [0, 3, []],
  [1, 3, [0]],
  [3, 5, [0, 1, 2]],
  [9, 3, [0, 4, 8]],
  [10, 4, [0, 3, 6, 9]],
  [9, 1, [8]],
])("of %i places at most %i are %j", (length, most, places) => {
  expect(evenlySpaced(length, most)).toEqual(places);
});
