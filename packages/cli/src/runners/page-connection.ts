// The engine host as a page of a browser that Playwright drives. Nothing is served: the page is
// answered through the browser's own protocol, so that it loads in a browser on another machine too.

import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { CliError } from "../errors.ts";
import { type Connection, connectionOf, Inbox } from "./connection.ts";

const HOST = new URL("../hosts/page-host.js", import.meta.url);

/** WebGPU needs a secure context, and localhost is one. No request for it leaves the browser. */
const ORIGIN = "http://localhost";

const PAGE =
  '<!doctype html><title>clab</title><link rel="icon" href="data:,"><script type="module" src="/page-host.js"></script>';

/** Playwright's own half minute is short for a machine whose processor others have. */
export const START_MS = 180_000;

/** What the page and this process call in each other; see hosts/page-host.ts. */
export interface PageGlobals {
  clabSend(line: string): Promise<void>;
  clabReceive(line: string): void;
}

/** @param name The browser in a sentence. */
export async function pageConnection(browser: Browser, name: string): Promise<Connection> {
  const inbox = new Inbox();
  // Playwright leaves calls without an answer when the browser ends under them.
  const ended = new Promise<never>((_, reject) => {
    browser.on("disconnected", () => {
      inbox.lose(`${name} ended.`);
      reject(new Error("the browser is gone"));
    });
  });
  ended.catch(() => {});
  const close = async () => {
    if (browser.isConnected()) await browser.close();
  };
  try {
    const page = await Promise.race([openPage(browser, inbox), ended]);
    const send = (line: string) => {
      page
        .evaluate((text) => (globalThis as unknown as PageGlobals).clabReceive(text), line)
        .catch((error: Error) => inbox.lose(error.message));
    };
    return connectionOf(inbox, send, close);
  } catch (error) {
    await close();
    const [reason] = (error as Error).message.split("\n");
    throw new CliError("CLI_HOST_LOST", `${name} ended while it started: ${reason}`);
  }
}

async function openPage(browser: Browser, inbox: Inbox): Promise<Page> {
  const script = await readFile(HOST, "utf8");
  const page = await browser.newPage();
  page.on("crash", () => inbox.lose("the page crashed."));
  page.on("pageerror", (error) => inbox.lose(`the page failed: ${error.message}`));
  await page.exposeFunction("clabSend", (line: string) => inbox.receive(line));
  await page.route("**/*", (route) =>
    route.request().url() === `${ORIGIN}/page-host.js`
      ? route.fulfill({ contentType: "text/javascript", body: script })
      : route.fulfill({ contentType: "text/html", body: PAGE }),
  );
  await page.goto(`${ORIGIN}/#${browser.version()}`, { timeout: START_MS });
  return page;
}
