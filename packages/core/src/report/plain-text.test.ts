import { expect, test } from "vitest";
import { displayWidth, fit, plainText, wrap } from "./plain-text.ts";

test.each([
  ["colour", "\u001b[31mred\u001b[0m", "red"],
  ["clear screen", "a\u001b[2J\u001b[Hb", "ab"],
  ["window title", "a\u001b]0;owned\u0007b", "ab"],
  ["link", "\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\", "text"],
  ["device string", "a\u001bPq#0\u001b\\b", "ab"],
  ["C1 introducer", "a\u009b31mb", "ab"],
  ["C1 command", "a\u009d0;owned\u009cb", "ab"],
  ["reset", "a\u001bcb", "ab"],
  ["an escape at the end", "a\u001b", "a"],
  ["backspaces and bells", "a\b\u0007\u0000b", "ab"],
  ["lines", "a\r\n b\tc", "a  b c"],
  ["right to left override", "a\u202egnp.exe", "agnp.exe"],
  ["lone surrogate", "a\ud800b", "a\ufffdb"],
  ["ordinary text", "größe 日本 🙂", "größe 日本 🙂"],
])("%s", (_, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test("width in columns", () => {
  expect(displayWidth("abc")).toBe(3);
  expect(displayWidth("日本")).toBe(4);
  expect(displayWidth("e\u0301")).toBe(1);
});

test("fit fills up and cuts off", () => {
  expect(fit("ab", 4)).toBe("ab  ");
  expect(fit("abcdef", 4)).toBe("abc…");
  expect(fit("日本語", 4)).toBe("日… ");
});

test("wrap breaks at blanks and leaves long words whole", () => {
  expect(wrap("aa bb cc", 5)).toEqual(["aa bb", "cc"]);
  expect(wrap("aaaaaaaa b", 4)).toEqual(["aaaaaaaa", "b"]);
  expect(wrap("", 4)).toEqual([""]);
});
