import { expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { threefry2x32 } from "./random.ts";

// RFC 4648, section 10.
test.each([
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
])("the vector %j", (plain, encoded) => {
  const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  expect(encodeBase64(bytes)).toBe(encoded);
  expect(decodeBase64(encoded)).toEqual(bytes);
});

test.each([1, 2, 3, 255, 8192, 24_577])("%i random bytes come back", (size) => {
  const bytes = Uint8Array.from({ length: size }, (_, i) => threefry2x32(1, 2, i, 0)[0]);
  expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
});
