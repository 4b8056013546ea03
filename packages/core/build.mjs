// Bundles the package: a few files load in half the time of several hundred, and every command waits
// for them. What is loaded on demand stays apart, and packages stay packages, but for zod: of its
// files, languages most of all, a part is used.

import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const { dependencies, exports } = JSON.parse(readFileSync("package.json", "utf8"));
const TAKEN_IN = ["zod"];

await rm("dist/chunks", { recursive: true, force: true });
await build({
  entryPoints: Object.values(exports).map(({ source }) => source),
  outbase: "src",
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  external: Object.keys(dependencies).filter((name) => !TAKEN_IN.includes(name)),
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2023",
  sourcemap: true,
  logLevel: "warning",
});
