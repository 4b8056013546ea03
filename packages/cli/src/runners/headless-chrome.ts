// Headless Chrome or Chromium, on a page that this process serves on the loopback address. WebGPU
// needs a secure context; 127.0.0.1 is one, and file:// cannot load modules.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CliError } from "../errors.ts";
import { type Connection, connectionOf, Inbox } from "./connection.ts";
import type { Driver, Runner } from "./runner.ts";

const HOST = new URL("../hosts/page-host.js", import.meta.url);

const PROGRAMS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/chromium-browser",
    "/usr/bin/microsoft-edge",
    "/snap/bin/chromium",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((folder) => [
    `${process.env[folder]}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env[folder]}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ]),
};

const ARGUMENTS = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const chromeRunner: Runner = {
  runtime: "chrome",
  label: "Chrome",
  missing:
    "Chrome or Chromium is not installed (Debian: apt-get install chromium), or set CHROME_PATH to the program.",
  find() {
    if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
    return PROGRAMS[process.platform]?.find((path) => existsSync(path));
  },
  connect: connectToPage,
};

async function connectToPage(program: string, driver: Driver): Promise<Connection> {
  // Loaded only here, because it takes longer to load than everything else together.
  const { chromium } = await import("playwright-core");
  const server = await servePage();
  const inbox = new Inbox();
  const browser = await chromium
    .launch({
      executablePath: program,
      args: [
        ...ARGUMENTS,
        ...(driver === "swiftshader" ? ["--use-webgpu-adapter=swiftshader"] : []),
      ],
      // Ctrl-C is the command's business; it closes the browser itself.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    .catch((error: Error) => {
      server.close();
      const [reason] = error.message.split("\n");
      throw new CliError("CLI_NO_ADAPTER", `${program} could not be started: ${reason}`);
    });
  // Playwright leaves calls without an answer when the browser ends under them.
  const ended = new Promise<never>((_, reject) => {
    browser.on("disconnected", () => {
      inbox.lose(`${program} ended.`);
      reject(new Error("the browser is gone"));
    });
  });
  ended.catch(() => {});
  const close = async () => {
    if (browser.isConnected()) await browser.close();
    server.close();
  };
  const openPage = async () => {
    const page = await browser.newPage();
    page.on("crash", () => inbox.lose("the page crashed."));
    page.on("pageerror", (error) => inbox.lose(`the page failed: ${error.message}`));
    await page.exposeFunction("clabSend", (line: string) => inbox.receive(line));
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/#${browser.version()}`);
    return page;
  };
  try {
    const page = await Promise.race([openPage(), ended]);
    const send = (line: string) => {
      page
        .evaluate((text) => (globalThis as unknown as PageGlobals).clabReceive(text), line)
        .catch((error: Error) => inbox.lose(error.message));
    };
    return connectionOf(inbox, send, close);
  } catch (error) {
    await close();
    const [reason] = (error as Error).message.split("\n");
    throw new CliError("CLI_HOST_LOST", `${program} ended while it started: ${reason}`);
  }
}

/** What the page and this process call in each other; see hosts/page-host.ts. */
export interface PageGlobals {
  clabSend(line: string): Promise<void>;
  clabReceive(line: string): void;
}

async function servePage(): Promise<Server> {
  const script = await readFile(HOST);
  const server = createServer((request, response) => {
    const isScript = request.url === "/page-host.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(
      isScript
        ? script
        : '<!doctype html><title>clab</title><link rel="icon" href="data:,"><script type="module" src="page-host.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
