// The built site in headless Chromium: every page is whole, accessible, and keeps to itself.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { CAUSES, type Report } from "@convergence-lab/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "../repository.ts";
import { serve } from "../serve.ts";
import { finished, openPage, startBrowser } from "./site-page.ts";

/** Without WebAssembly's word, which the pages' own policy has. */
const STRICT = "default-src 'self'; script-src 'self'; style-src 'self'";
/** A path below the root, as on GitHub Pages. */
const BASE = "/some/where/";

let folder: string;
let server: Server;
let origin: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lab-site-"));
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  const main = inRepository("packages/web/site/main.ts");
  await promisify(execFile)(process.execPath, [tsx, "--conditions=source", main, "--out", folder]);
  server = await serve(folder, { port: 0, base: BASE, policy: STRICT });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("every page", () => {
  test("has a title of its own, a description and one h1", () => {
    const titles = new Map<string, string>();
    for (const { path, source } of pages()) {
      const title = source.match(/<title>([^<]+)<\/title>/)?.[1] ?? "";
      expect(title, path).not.toBe("");
      expect(titles.get(title), `${path} has the title of another page`).toBeUndefined();
      titles.set(title, path);
      expect(source.match(/<h1[ >]/g), path).toHaveLength(1);
      expect(source, path).toContain('<meta name="description" content="');
    }
    expect(titles.size).toBeGreaterThan(100);
  });

  test("links to pages, files and headings that are there", () => {
    const ids = new Map(
      pages().map(({ path, source }) => [
        path,
        new Set([...source.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])),
      ]),
    );
    const broken = pages().flatMap(({ path, source }) =>
      [...source.matchAll(/(?:href|src)="([^"]*)"/g)]
        .map(([, target]) => target)
        .filter((target) => !/^https?:/.test(target) && !leads(target, path, ids))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test("asks nothing of another origin", () => {
    const foreign = pages().flatMap(({ path, source }) =>
      [...source.matchAll(/(?:src|srcset|action)="(https?:[^"]*)"/g)].map(
        ([, target]) => `${path}: ${target}`,
      ),
    );
    expect(foreign).toEqual([]);
  });
});

describe("of the network on its page the doctor names", () => {
  test.each(CAUSES)("%s", (cause) => {
    const { source } = pages().find(({ path }) => path === `causes/${cause}.html`)!;
    const named = /data-named="([^"]*)"/.exec(source)?.[1] ?? "";
    expect(named.split(" ")).toContain(cause);
  });
});

/** One page of every kind, and whether it holds the element. */
const KINDS = [
  "index.html",
  "article.html",
  "causes/index.html",
  "causes/unscaled-features.html",
  "causes/correlated-features.html",
  "causes/no-signal.html",
  "checks/dead-units.html",
  "guides/training-semantics.html",
  "measurements/h100-first-contact.html",
  "playground.html",
  "benchmark.html",
];

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  test.each(KINDS)("axe finds nothing on %s", async (path) => {
    const page = await openPage(browser, { colorScheme, bypassCSP: true });
    await page.goto(at(path));
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.js") });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
      );
    });
    expect(violations).toEqual([]);
    await page.close();
  });
});

describe("in a browser", () => {
  test("no page is wider than a phone", async () => {
    const page = await openPage(browser, { viewport: { width: 360, height: 740 } });
    for (const path of KINDS) {
      await page.goto(at(path));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, path).toBeLessThanOrEqual(360);
    }
    await page.close();
  });

  test("the home page's example trains under a strict policy, and asks only its own origin", async () => {
    const { page, asked, errors } = await watched();
    await page.goto(at("index.html"));
    const verdict = await finished(page, "#home-lab");
    expect(verdict).toBe(true);
    expect(asked.filter((url) => !url.startsWith(origin) && !url.startsWith("blob:"))).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("without scripts the figures and tables are there", async () => {
    const page = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(at("index.html"));
    expect(await page.locator("convergence-lab svg[role=img]:visible").count()).toBeGreaterThan(0);
    expect(await page.locator("convergence-lab table").count()).toBeGreaterThan(0);
    await page.close();
  });

  test("a cause's example is mended by one click, with the keyboard too", async () => {
    const { page, errors } = await watched();
    await page.goto(at("causes/unscaled-features.html"));
    const button = page.getByRole("button", { name: "Mend it" });
    await button.focus();
    const done = finished(page, "#example-lab");
    await page.keyboard.press("Enter");
    expect(await done).toBe(true);
    const variants = await page.evaluate(() => {
      const lab = document.querySelector("#example-lab") as unknown as { report: Report };
      return Object.keys(lab.report.variants);
    });
    expect(variants).toEqual(["faulty", "mended"]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("the theme switch goes round and is kept", async () => {
    const page = await openPage(browser, { colorScheme: "light" });
    await page.goto(at("index.html"));
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    const button = page.getByRole("button", { name: /^Theme/ });
    await button.click();
    expect(await paper()).toBe(light);
    await button.click();
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.goto(at("article.html"));
    expect(await paper()).toBe(dark);
    await page.close();
  });

  test("the benchmark page measures this browser beside the committed results", async () => {
    const { page, errors } = await watched();
    await page.goto(`${at("benchmark.html")}?only=${encodeURIComponent("20-4-1 x1")}`);
    await page.getByRole("button", { name: "Measure this browser" }).click();
    await page.getByRole("button", { name: "Measure again" }).waitFor();
    expect(await page.locator("[data-benchmark-says]").textContent()).toMatch(/^Measured: /);
    const compared = page.locator("[data-benchmark-comparison]");
    const columns = await compared.locator("thead th").allTextContents();
    expect(columns.length).toBeGreaterThan(3);
    expect(columns[2]).toMatch(/^here: /);
    // Beside every committed rate of what was measured: how many times it this browser does.
    const [row] = await compared.locator("tbody tr", { hasText: "20-4-1, 1 network" }).all();
    const cells = await row.locator("td.number").allTextContents();
    const [own, ...others] = cells.map((cell) =>
      Number(cell.replace(/ .*/, "").replaceAll(",", "")),
    );
    const known = others.flatMap((other, i) =>
      Number.isNaN(other) ? [] : [[other, Number(/\((.*)×\)/.exec(cells[i + 1])![1])]],
    );
    expect(known.length).toBeGreaterThan(0);
    // A ratio has two digits or three and each rate three, so the rounded ones are within 5 + 2 x 0.5%.
    for (const [other, ratio] of known) {
      expect(Math.abs(ratio / (own / other) - 1)).toBeLessThan(0.0625);
    }
    const plots = compared.getByRole("img", { name: /^Training steps a second here, as times/ });
    expect(await plots.count()).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("from a folder on disk the element runs too", async () => {
    const page = await openPage(browser);
    await page.goto(pathToFileURL(join(folder, "index.html")).href);
    expect(await finished(page, "#home-lab")).toBe(true);
    await page.close();
  });
});

test("text of a document or of data is text on the page", async () => {
  const { documentBody, readDocument } = await import("../render/markdown.ts");
  const { html } = await import("../render/html.ts");
  const text =
    "# a\n\n<img src=x onerror=alert(1)> `<b>` [x](javascript:alert(1))\n\n| <i> |\n| --- |\n| <u> |";
  const body = documentBody(readDocument("docs/a.md", text), new Map()).source;
  expect(body).not.toMatch(/<(img|b|i|u)[ >]|href/);
  expect(html`<p title="${'"><script>'}">${"<script>"}</p>`.source).toBe(
    '<p title="&quot;&gt;&lt;script&gt;">&lt;script&gt;</p>',
  );
});

function pages(): { path: string; source: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".html"))
    .map((path) => ({ path, source: readFileSync(join(folder, path), "utf8") }));
}

function leads(target: string, from: string, ids: ReadonlyMap<string, Set<string>>): boolean {
  const [file, heading] = target.split("#");
  const path = file === "" ? from : posix.join(dirname(from), file);
  if (!existsSync(join(folder, path))) return false;
  return heading === undefined || ids.get(path)?.has(heading) === true;
}

function at(path: string): string {
  return origin + BASE + path;
}

/** A page, what it asks for, and what goes wrong in it. */
async function watched(): Promise<{ page: Page; asked: string[]; errors: string[] }> {
  const page = await openPage(browser);
  const asked: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  return { page, asked, errors };
}
