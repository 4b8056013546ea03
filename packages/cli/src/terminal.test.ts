import { expect, test } from "vitest";
import {
  canRedraw,
  chooseColor,
  overdrawn,
  printable,
  usesColor,
  withoutPasswords,
} from "./terminal.ts";

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

test("--color and --no-color overrule the environment and the terminal", () => {
  chooseColor(false);
  expect(usesColor(terminal, { FORCE_COLOR: "1" })).toBe(false);
  chooseColor(true);
  expect(usesColor(pipe, { NO_COLOR: "1" })).toBe(true);
  chooseColor(undefined);
  expect(usesColor(pipe, {})).toBe(false);
});

test.each([
  ["at rediss://lab:pass@host:6379/2.", "at rediss://lab:***@host:6379/2."],
  ["'--queue=redis://:p@ss@host'", "'--queue=redis://:***@host'"],
  ["redis://host:6379, http://127.0.0.1:9222/a@b", "redis://host:6379, http://127.0.0.1:9222/a@b"],
  ["model.layers[2]: x@y", "model.layers[2]: x@y"],
])("%s is said as %s", (text, said) => {
  expect(withoutPasswords(text)).toBe(said);
});

/** Sequences for the terminal, and single characters. */
const TOKENS = new RegExp(`${"\u001b"}\\[\\d*[A-Z]|[\\s\\S]`, "g");

/** What stands on a screen after these have been written. */
function screenAfter(written: string): string[] {
  const lines = [""];
  let [row, column] = [0, 0];
  for (const [token] of written.matchAll(TOKENS)) {
    const line = lines[row];
    if (token === "\r") column = 0;
    else if (token === "\n") {
      row++;
      column = 0;
      lines[row] ??= "";
    } else if (token === "\u001b[K") lines[row] = line.slice(0, column);
    else if (token === "\u001b[J") {
      lines[row] = line.slice(0, column);
      lines.length = row + 1;
    } else if (token.startsWith("\u001b")) row -= Number(token.slice(2, -1));
    else lines[row] = line.slice(0, column) + token + line.slice(++column);
  }
  return lines;
}

test("what is drawn takes the place of what was drawn, and nothing above it is touched", () => {
  const before = "$ clab run\n";
  const first = before + overdrawn("half  50%\nquick ▇▅▃\nslow ▇▇▇", 0);
  expect(screenAfter(first)).toEqual(["$ clab run", "half  50%", "quick ▇▅▃", "slow ▇▇▇"]);
  const second = first + overdrawn("75%\nquick ▇▅▃▁", 3);
  expect(screenAfter(second)).toEqual(["$ clab run", "75%", "quick ▇▅▃▁"]);
  expect(screenAfter(second + overdrawn("", 2))).toEqual(["$ clab run", ""]);
});
