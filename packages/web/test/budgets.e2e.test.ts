// What a page loads, and when, in bytes after gzip: of built files, so that it moves with them alone.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const dist = resolve(import.meta.dirname, "../dist");
const modules = JSON.parse(readFileSync(resolve(dist, "modules.json"), "utf8")) as Record<
  string,
  readonly string[]
>;

const KIB = 1024;

function gzipped(files: Iterable<string>): number {
  let bytes = 0;
  for (const file of files)
    bytes += gzipSync(readFileSync(resolve(dist, file)), { level: 9 }).length;
  return bytes;
}

/** Files that the entries load at once, each once. */
function filesOf(...entries: readonly string[]): Set<string> {
  return new Set(
    entries.flatMap((entry) => {
      expect(Object.keys(modules)).toContain(entry);
      return modules[entry];
    }),
  );
}

test("the shell is at most 12 KiB", () => {
  expect(gzipped(filesOf("src/define.ts"))).toBeLessThanOrEqual(12 * KIB);
});
