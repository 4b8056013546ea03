import { expect, test } from "vitest";
import { threefry2x32 } from "../shared/random.ts";
import { EngineError } from "./errors.ts";
import { decodeMessage, encodeMessage } from "./wire.ts";

// Keys that look like the format's own are the ones that could break it.
const KEYS = ["a", "", "$", "$number", "$undefined", "$object", "$Float32Array", "__proto__"];
const LEAVES = [
  0,
  -0,
  1.5,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  1e300,
  "",
  "$number",
  '"\\\n\u2028',
];
const MORE_LEAVES = [true, false, null, undefined];
const ARRAYS = [Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array];

/** A message of random shape: leaves, typed arrays of any bits, arrays and objects of them. */
function randomMessage(seed: number): unknown {
  let drawn = 0;
  const below = (limit: number) => threefry2x32(seed, 0, drawn++, 0)[0] % limit;
  const oneOf = <T>(choices: readonly T[]) => choices[below(choices.length)];
  const make = (depth: number): unknown => {
    switch (below(depth === 0 ? 2 : 4)) {
      case 0:
        return oneOf([...LEAVES, ...MORE_LEAVES]);
      case 1: {
        const bits = Uint32Array.from({ length: 2 * below(5) }, () => below(2 ** 32));
        return new (oneOf(ARRAYS))(bits.buffer);
      }
      case 2:
        return Array.from({ length: below(4) }, () => make(depth - 1));
      default:
        return Object.fromEntries(
          Array.from({ length: below(4) }, () => [oneOf(KEYS), make(depth - 1)]),
        );
    }
  };
  return make(4);
}

test.each(Array.from({ length: 20 }, (_, i) => i))("messages come back, group %i", (group) => {
  for (let i = 0; i < 100; i++) {
    const message = randomMessage(100 * group + i);
    const back = decodeMessage(encodeMessage(message));
    expect(back).toStrictEqual(message);
    // Equality above takes one NaN for another; the text has their bits.
    expect(encodeMessage(back)).toBe(encodeMessage(message));
  }
});

test("numbers keep their value, NaN and the infinities and the sign of zero included", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 0.1];
  expect(decodeMessage(encodeMessage(values))).toStrictEqual(values);
  const array = Float32Array.from(values);
  expect(decodeMessage(encodeMessage(array))).toStrictEqual(array);
});

test("an array that is a window onto a larger one sends its window", () => {
  const window = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(decodeMessage(encodeMessage(window))).toStrictEqual(Float64Array.of(2, 3));
});

test.each([[new Map()], [() => 1], [10n], [Symbol("s")], [new Date(0)]])(
  "%s cannot be sent",
  (value) => {
    expect(() => encodeMessage({ value })).toThrow(EngineError);
    expect(() => encodeMessage({ value })).toThrow(/cannot be sent/);
  },
);

test.each(["Listening on port 3000", "{", '{"$Float32Array":3}', '{"$Date":"x"}'])(
  "%j is not a message",
  (text) => {
    expect(() => decodeMessage(text)).toThrow(
      expect.objectContaining({ code: "ENGINE_BAD_MESSAGE" }),
    );
  },
);
