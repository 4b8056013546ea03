import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ARTICLES } from "./articles.ts";
import { ARTICLE_NAMES, PRESETS } from "./preset-names.ts";
import { presetSpec } from "./presets.ts";

const examples = resolve(import.meta.dirname, "../../../../examples");

test.each(ARTICLE_NAMES)("the preset %s is the example of that name", (name) => {
  expect(ARTICLES[name]).toEqual(parse(readFileSync(resolve(examples, `${name}.yaml`), "utf8")));
});

test("a name that is none is answered with the nearest", async () => {
  await expect(presetSpec("dead-unit")).rejects.toThrow("dead-units");
  await expect(presetSpec("constructor")).rejects.toThrow("no preset");
  expect(PRESETS).toHaveLength(34);
});
