import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { JsonLines, LineReader, linesOf } from "./json-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "clab-lines-"));
let files = 0;
const newPath = () => join(folder, `${files++}.jsonl`);

function append(path: string, ...lines: string[]): void {
  const file = JsonLines.open(path);
  file.append(lines);
  file.close();
}

test("lines are added, also by the next process", () => {
  const path = newPath();
  append(path, "a", "ß");
  append(path, "c");
  append(path);
  expect(readFileSync(path, "utf8")).toBe("a\nß\nc\n");
  expect([...linesOf(path)].map(({ text }) => text)).toEqual(["a", "ß", "c"]);
});

test("a line that was cut off is left out, and cut away by the next process", () => {
  for (const torn of ["{", "ü".slice(0, 1), "x".repeat(3 << 20)]) {
    const path = newPath();
    append(path, "whole");
    appendFileSync(path, torn);
    expect([...linesOf(path)].map(({ text }) => text)).toEqual(["whole"]);
    append(path, "next");
    expect(readFileSync(path, "utf8")).toBe("whole\nnext\n");
  }
});

test("a file that is one cut off line becomes empty", () => {
  const path = newPath();
  writeFileSync(path, "x".repeat(3 << 20));
  append(path);
  expect(readFileSync(path, "utf8")).toBe("");
});

test("lines longer than a piece are found, with their places", () => {
  const path = newPath();
  const lines = ["a", "ä".repeat(1 << 20), "", "é".repeat(700_000), "end"];
  append(path, ...lines);
  const found = [...linesOf(path)];
  expect(found.map(({ text }) => text)).toEqual(lines);
  const reader = new LineReader(path);
  expect(found.map(({ offset, bytes }) => reader.at(offset, bytes))).toEqual(lines);
  reader.close();
});
