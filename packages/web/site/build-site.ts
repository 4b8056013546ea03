// Content -> pages -> files.

import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { articlePage } from "./pages/article.ts";
import { benchmarkPage } from "./pages/benchmark.ts";
import { causePages } from "./pages/causes.ts";
import { documentPages } from "./pages/documents.ts";
import { homePage } from "./pages/home.ts";
import { playgroundPage } from "./pages/playground.ts";
import { layOut } from "./render/layout.ts";
import type { Page } from "./render/page.ts";
import { inRepository } from "./repository.ts";
import { siteContent } from "./site-content.ts";

/** The built element: its modules, and everything in one file. */
const ELEMENT = inRepository("packages/web/dist");

export interface BuildOptions {
  readonly onResult: (name: string, seconds: number) => void;
}

/** Writes the whole site into a folder, which is emptied first. */
export async function buildSite(folder: string, options: BuildOptions): Promise<Page[]> {
  const content = await siteContent(options);
  const pages = [
    homePage(content),
    articlePage(content),
    ...causePages(content),
    ...documentPages(content),
    playgroundPage(content),
    benchmarkPage(content),
  ];
  rmSync(folder, { recursive: true, force: true });
  for (const page of pages) {
    const file = join(folder, page.path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, layOut(page));
  }
  await writeAssets(join(folder, "assets"));
  return pages;
}

async function writeAssets(folder: string): Promise<void> {
  if (!existsSync(join(ELEMENT, "define.js"))) {
    throw new Error("The element is not built yet; run npm run build first.");
  }
  cpSync(join(import.meta.dirname, "style"), folder, { recursive: true });
  cpSync(ELEMENT, join(folder, "lab"), {
    recursive: true,
    filter: (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path),
  });
  const shared = {
    bundle: true,
    minify: true,
    target: "es2023",
    platform: "browser",
    conditions: ["source"] as string[],
    absWorkingDir: import.meta.dirname,
    outdir: folder,
    logLevel: "warning",
  } as const;
  await Promise.all([
    build({
      ...shared,
      entryPoints: ["client/theme.ts", "client/page.ts", "client/examples.ts"],
      format: "iife",
    }),
    build({
      ...shared,
      entryPoints: ["client/benchmark.ts"],
      format: "esm",
      splitting: true,
      chunkNames: "chunks/[name]-[hash]",
    }),
  ]);
}
