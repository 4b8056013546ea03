// What editors are told of the element is what it is. The class imports here, where there is no DOM.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import manifest from "../custom-elements.json" with { type: "json" };
import { ConvergenceLabElement, define, PRESETS } from "./index.ts";

const described = manifest.modules[0].declarations![0];
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();

const folder = resolve(import.meta.dirname);
const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(resolve(folder, file), "utf8"))
  .join("\n");

/** The first group of every match, each once. */
function found(pattern: RegExp): string[] {
  return [...new Set([...source.matchAll(pattern)].map(([, name]) => name))].sort();
}

test("it imports and defines nothing where there is no platform", () => {
  expect(globalThis.customElements).toBeUndefined();
  expect(() => define()).not.toThrow();
  expect(PRESETS).toContain("dead-units");
});

test("the manifest has the attributes that are observed, and the one that is read once", () => {
  expect(names(described.attributes)).toEqual(
    [...ConvergenceLabElement.observedAttributes, "autoplay"].sort(),
  );
});

test("the manifest has every member of the class", () => {
  const own = Object.getOwnPropertyNames(ConvergenceLabElement.prototype).filter(
    (name) => !/^(constructor|\w+Callback)$/.test(name),
  );
  expect(names(described.members)).toEqual(own.sort());
});

test("the manifest has every event, part, slot and custom property that the source has", () => {
  expect(names(described.events)).toEqual(found(/^ {2}"(lab-[a-z]+)":/gm));
  expect(names(described.cssParts)).toEqual(found(/part: "([a-z]+)"/g));
  expect(names(described.slots)).toEqual(["", ...found(/slot", \{ name: "([a-z]+)"/g)]);
  expect(names(described.cssProperties)).toEqual(found(/var\((--lab-[a-z0-9-]+)/g));
});
