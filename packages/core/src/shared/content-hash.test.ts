import { expect, test } from "vitest";
import { canonicalJson, contentHash } from "./content-hash.ts";

test("the order of keys does not matter, the order of lists does", () => {
  expect(contentHash({ a: 1, b: [1, 2] })).toBe(contentHash({ b: [1, 2], a: 1 }));
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
});

test("the hash is SHA-256 of the canonical JSON", () => {
  expect(canonicalJson({})).toBe("{}");
  expect(contentHash({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
});

test("values that JSON would confuse stay apart", () => {
  expect(contentHash({ x: Number.NaN })).not.toBe(contentHash({ x: null }));
});
