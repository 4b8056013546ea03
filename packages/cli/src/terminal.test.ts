import { expect, test } from "vitest";
import { canRedraw, printable, usesColor } from "./terminal.ts";

const terminal = { isTTY: true } as NodeJS.WriteStream;
const pipe = { isTTY: undefined } as unknown as NodeJS.WriteStream;

test.each([
  ["a terminal", terminal, {}, true],
  ["a pipe", pipe, {}, false],
  ["NO_COLOR", terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR", terminal, { NO_COLOR: "" }, true],
  ["a dumb terminal", terminal, { TERM: "dumb" }, false],
  ["FORCE_COLOR over a pipe and NO_COLOR", pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  ["FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false],
])("colour on %s", (_name, stream, env, colored) => {
  expect(usesColor(stream, env)).toBe(colored);
});

test("a CI log is not redrawn", () => {
  expect(canRedraw(terminal, {})).toBe(true);
  expect(canRedraw(terminal, { CI: "true" })).toBe(false);
  expect(canRedraw(pipe, {})).toBe(false);
});

test("escape sequences from a file are shown, not obeyed", () => {
  expect(printable("a\u001b[31mb\u0007\n\tc")).toBe("a\\u001b[31mb\\u0007\n\tc");
});
