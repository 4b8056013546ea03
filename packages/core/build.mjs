// Bundles the package: a few files load in half the time of several hundred, and every command waits
// for them. What is loaded on demand stays apart; packages stay packages.

import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist/chunks", { recursive: true, force: true });

await build({
  entryPoints: ["src/index.ts", "src/engine/reference/index.ts", "src/engine/simd/index.ts"],
  outbase: "src",
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "neutral",
  target: "es2023",
  sourcemap: true,
  logLevel: "warning",
});
