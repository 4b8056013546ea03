import { expect, test } from "vitest";
import { shortestFloat32 } from "./shortest-float32.ts";

test.each([
  [0.1, "0.1"],
  [1 / 3, "0.33333334"],
  [16777216, "16777216"],
  [5000, "5000"],
  [1.401298464324817e-45, "1e-45"],
  [3.4028234663852886e38, "3.4028235e+38"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
  [0, "0"],
])("%d as float32 is %s", (value, text) => {
  expect(shortestFloat32(Math.fround(value))).toBe(text);
});

test("every bit pattern of a sweep comes back", () => {
  const view = new DataView(new ArrayBuffer(4));
  // A prime step visits all exponents and many mantissas.
  for (let bits = 0; bits < 0x7f800000; bits += 15_485_863) {
    view.setUint32(0, bits);
    const value = view.getFloat32(0);
    expect(Math.fround(Number(shortestFloat32(value)))).toBe(value);
  }
});
