// The sites of examples/embed, built by their own generators from the registry's packages or Debian's, and
// opened. The element is put where npm would install it, as npm would pack it.

import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inRepository } from "../repository.ts";
import { serve } from "../serve.ts";
import { finished, openPage, startBrowser } from "./site-page.ts";

const execute = promisify(execFile);

let browser: Browser;
let folder: string;
const servers: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lab-embed-"));
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const MKDOCS = "/usr/bin/mkdocs";

test.each([
  { name: "html", output: ".", options: [] },
  { name: "vitepress", output: ".vitepress/dist", options: [] },
  // Minifying takes most of the time and changes nothing that is tested.
  { name: "docusaurus", output: "build", options: ["--", "--no-minify"] },
])("the element runs in $name", async ({ name, output, options }) => {
  const site = join(folder, name);
  cpSync(inRepository(`examples/embed/${name}`), site, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(site, "package.json"), "utf8"));
  await installRest(site, manifest);
  const element = join(site, "node_modules/@convergence-lab/web");
  cpSync(inRepository("packages/web/package.json"), join(element, "package.json"));
  cpSync(inRepository("packages/web/dist"), join(element, "dist"), { recursive: true });
  if (manifest.scripts?.build !== undefined) await command(site, "run", "build", ...options);

  await trainsIn(join(site, output));
});

test("the element runs in mkdocs", async () => {
  if (!existsSync(MKDOCS))
    throw new Error(`${MKDOCS} is not there; apt-get install mkdocs-material.`);
  const site = join(folder, "mkdocs");
  cpSync(inRepository("examples/embed/mkdocs"), site, { recursive: true });
  mkdirSync(join(site, "docs/js"), { recursive: true });
  cpSync(inRepository("packages/web/dist/lab.iife.js"), join(site, "docs/js/lab.iife.js"));
  await execute(MKDOCS, ["build", "--strict", "--quiet"], { cwd: site });
  await trainsIn(join(site, "site"));
});

/** Opens a built site, whose first page has an element, and trains it. */
async function trainsIn(site: string): Promise<void> {
  const server = await serve(site, { port: 0 });
  servers.push(server);
  const page = await openPage(browser);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const lab = page.locator("convergence-lab");
  await lab.evaluate(() => customElements.whenDefined("convergence-lab"));
  const done = finished(page, "convergence-lab");
  await lab.evaluate((element) => (element as unknown as { train(): void }).train());
  expect(await done).toBe(true);
  expect(await lab.textContent()).toContain("Without scripts");
  expect(errors).toEqual([]);
  await page.close();
}

/** What the site needs beside the element, which the registry does not have while it is tested. */
async function installRest(
  site: string,
  manifest: { dependencies: Record<string, string> },
): Promise<void> {
  const { "@convergence-lab/web": _, ...dependencies } = manifest.dependencies;
  writeFileSync(join(site, "package.json"), JSON.stringify({ ...manifest, dependencies }));
  await command(site, "install", "--no-audit", "--no-fund", "--prefer-offline");
}

async function command(site: string, ...args: string[]): Promise<void> {
  await execute("npm", args, {
    cwd: site,
    env: { ...process.env, NODE_ENV: "", NO_UPDATE_NOTIFIER: "1", DO_NOT_TRACK: "1" },
    shell: process.platform === "win32",
    maxBuffer: 2 ** 26,
  });
}
