// What the documents point at is there, and every stage of core is on the map.

/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

const documents = ["", "docs", "packages", "bench", "test-fixtures"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== "", encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => join(root, folder, file)),
);

describe.each(documents.map((path) => [relative(root, path), path]))("%s", (_, path) => {
  const text = readFileSync(path, "utf8");

  test("links lead to files, and to headings in them", () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
    const broken = targets.filter((target) => !/^https?:/.test(target) && !leadsSomewhere(target));
    expect(broken).toEqual([]);
  });

  test("commands name files that are there", () => {
    // `examples/x.yaml`, `scripts/x.mjs`, packages and fixtures; not what a run writes.
    const named = text.matchAll(/\b(?:examples|scripts|packages|test-fixtures)\/[\w./-]*\w/g);
    const absent = [...named].map(([name]) => name).filter((name) => !existsSync(join(root, name)));
    expect(absent).toEqual([]);
  });

  function leadsSomewhere(target: string): boolean {
    const [file, heading] = target.split("#");
    const at = file === "" ? path : resolve(dirname(path), file);
    if (!existsSync(at)) return false;
    return heading === undefined || headings(readFileSync(at, "utf8")).includes(heading);
  }
});

/** As GitHub makes anchors of them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("ARCHITECTURE.md has a line for every folder of core", () => {
  const map = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const folders = readdirSync(join(root, "packages/core/src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const isOnMap = (name: string) =>
    map.includes(`| \`${name}\` `) || map.includes(`\`core/src/${name}\``);
  expect(folders.filter((name) => !isOnMap(name))).toEqual([]);
});
