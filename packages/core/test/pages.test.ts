// Every check and every cause has a page, and every page is about one. `clab explain` prints them.

/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { CAUSES } from "../src/causes/cause.ts";
import { DIAGNOSE_CHECKS } from "../src/diagnose/all-checks.ts";
import { DATA_CHECKS } from "../src/learnability/data-findings.ts";
import { LINT_CHECKS } from "../src/lint/all-checks.ts";

const docs = resolve(import.meta.dirname, "../../../docs");

const KINDS = [
  {
    folder: "checks",
    ids: [...LINT_CHECKS, ...DATA_CHECKS, ...DIAGNOSE_CHECKS].map(({ id }) => id),
    headings: ["What it looks like", "What else looks like it", "What to try", "Threshold"],
  },
  {
    folder: "causes",
    ids: [...CAUSES],
    headings: ["Symptoms", "What looks like it", "How the lab proves it", "In Keras"],
  },
];

describe.each(KINDS)("docs/$folder", ({ folder, ids, headings }) => {
  test("ids are said once, and have one page each", () => {
    const pages = readdirSync(join(docs, folder)).map((file) => file.replace(/\.md$/, ""));
    expect(new Set(ids).size).toBe(ids.length);
    expect(pages.sort()).toEqual([...ids].sort());
  });

  test.each(ids)("%s", (id) => {
    const text = readFileSync(join(docs, folder, `${id}.md`), "utf8");
    expect(text.startsWith(`# ${id}\n\n`)).toBe(true);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(headings);
    for (const part of text.split(/^## .*$/m)) expect(part.trim()).not.toBe("");
  });
});
