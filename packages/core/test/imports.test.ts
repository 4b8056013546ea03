// Which stage may import which: the map in ARCHITECTURE.md, enforced.

/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const packages = resolve(import.meta.dirname, "../..");
const coreSource = join(packages, "core/src");

/** Stages of core in pipeline order; a folder may import those before it, and itself. */
const STAGES = [
  "shared",
  "spec",
  "dataset",
  "tables",
  "compile",
  "trace",
  "engine",
  "models",
  "verify",
  "lint",
  "learnability",
  "claims",
  "diagnose",
  "causes",
  "prove",
  "report",
  "sweep",
  "inspect",
  "evaluate",
  "bench",
];

/** Workspace packages that a package may import. */
const ALLOWED: Record<string, readonly string[]> = {
  core: [],
  "engine-webgpu": ["core"],
  queue: [],
  cli: ["core", "engine-webgpu", "queue"],
  web: ["core", "engine-webgpu"],
};

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join(folder, file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1]);
}

test("a stage of core imports only stages before it", () => {
  const wrong: string[] = [];
  for (const file of sourceFiles(coreSource)) {
    const stage = relative(coreSource, file).split("/")[0];
    if (stage.endsWith(".ts")) continue;
    for (const specifier of importsOf(file).filter((name) => name.startsWith("."))) {
      const target = relative(coreSource, resolve(file, "..", specifier)).split("/")[0];
      if (STAGES.indexOf(target) > STAGES.indexOf(stage)) {
        wrong.push(`${relative(packages, file)} imports ${specifier}`);
      }
    }
    expect(STAGES, `${stage} is a stage without a place in the order`).toContain(stage);
  }
  expect(wrong).toEqual([]);
});

test("packages import each other by name, in the allowed direction", () => {
  const wrong: string[] = [];
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    for (const file of sourceFiles(join(packages, name, "src"))) {
      for (const specifier of importsOf(file)) {
        const target = /^@convergence-lab\/([^/]+)/.exec(specifier)?.[1];
        if (target !== undefined && !allowed.includes(target)) {
          wrong.push(`${relative(packages, file)} imports ${specifier}`);
        }
        if (
          specifier.startsWith(".") &&
          relative(join(packages, name), resolve(file, "..", specifier)).startsWith("..")
        ) {
          wrong.push(`${relative(packages, file)} reaches into ${specifier}`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("core knows no platform", () => {
  const wrong = sourceFiles(coreSource).flatMap((file) =>
    importsOf(file)
      .filter((specifier) => specifier.startsWith("node:"))
      .map((specifier) => `${relative(packages, file)} imports ${specifier}`),
  );
  expect(wrong).toEqual([]);
});
