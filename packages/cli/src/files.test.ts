import { existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder, writeFile } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "clab-files-"));
const at = (...parts: string[]) => join(folder, ...parts);

test("a folder comes with those it lies in, and one that is there stays", () => {
  writeFile(at("a", "b", "file"), "x");
  makeFolder(at("a", "b"));
  makeFolder(at("a", "b", "c", "d"));
  expect(statSync(at("a", "b", "c", "d")).isDirectory()).toBe(true);
  expect(existsSync(at("a", "b", "file"))).toBe(true);
  mkdirSync(at("real"));
  symlinkSync(at("real"), at("link"));
  makeFolder(at("link", "below"));
  expect(existsSync(at("real", "below"))).toBe(true);
});

test("what is in the way is told", () => {
  writeFileSync(at("file"), "");
  expect(() => makeFolder(at("file"))).toThrow(
    `cannot write ${at("file")}: a file of that name is in the way.`,
  );
  expect(() => makeFolder(at("file", "below"))).toThrow("a part of its path is not a folder.");
  expect(() => makeFolder(at("nul\0l"))).toThrow("cannot write");
});

test.skipIf(process.platform !== "linux")("a file system that takes no folder is told", () => {
  expect(() => makeFolder("/proc/clab/runs")).toThrow(
    "cannot write /proc/clab/runs: no folder can be made in /proc.",
  );
  expect(() => writeFile("/proc/clab/file", "x")).toThrow("no folder can be made in /proc.");
});
