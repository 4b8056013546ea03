// What the bundle leaves out of the sources, on the sources themselves.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { withoutDescriptions, withShortShaders } from "../short-sources.mjs";

const packages = resolve(import.meta.dirname, "../..");

function sourcesIn(folder: string): string[] {
  return readdirSync(resolve(packages, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes(".test."))
    .map((name) => readFileSync(resolve(packages, folder, name), "utf8"));
}

/** Code in a template, written as <<code>>: a string that looks like a template is a warning. */
function withCode(module: string): string {
  return module.replaceAll("<<", "$\u007b").replaceAll(">>", "}");
}

/** Without comments, and with every run of white space the same: what WGSL makes of it. */
function tokens(wgsl: string): string {
  return wgsl.replace(/\/\/[^\n]*/g, "").replace(/\s+/g, " ");
}

test("a marked template loses comments and indentation, and code in its braces nothing", async () => {
  const module = [
    "const url = 'https://a'; // kept",
    "export const text = /* wgsl */ `",
    "  // A comment.",
    "  let a = <<1 + 1>>; // two",
    "    <<['  x', '}'].map((each) => /* wgsl */ `",
    "      // inner",
    "      f(<<each>>);`).join('')>>",
    "`;",
  ].join("\n");
  const short = withShortShaders(withCode(module));
  expect(short).toContain("'https://a'; // kept");
  const { text } = await import(`data:text/javascript,${encodeURIComponent(short)}`);
  expect(text).toBe("\nlet a = 2;\n\nf(  x);\nf(});\n");
});

test("a comment that would swallow code is refused", () => {
  expect(() => withShortShaders(withCode("/* wgsl */ `// <<name>>\n`"))).toThrow(
    "A comment holds code",
  );
});

test("every kernel keeps its tokens, and is a module still", async () => {
  const kernels = sourcesIn("engine-webgpu/src").filter((text) => text.includes("/* wgsl */ `"));
  expect(kernels.length).toBeGreaterThan(20);
  let saved = 0;
  for (const module of kernels) {
    const short = withShortShaders(module);
    saved += module.length - short.length;
    expect(tokens(short)).toBe(tokens(module));
    await transform(short, { loader: "ts" });
  }
  expect(saved).toBeGreaterThan(0);
});

test("schemas lose their descriptions and nothing else", async () => {
  const schemas = sourcesIn("core/src/spec").filter((text) => text.includes("z.describe("));
  expect(schemas.length).toBeGreaterThan(4);
  for (const module of schemas) {
    const short = withoutDescriptions(module);
    await transform(short, { loader: "ts" });
    // What is left takes its text from a parameter.
    for (const [, argument] of short.matchAll(/z\.describe\(([^)]*)\)/g)) {
      expect(argument).toMatch(/^\w+$/);
    }
  }
});
