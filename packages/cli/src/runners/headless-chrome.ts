// Headless Chrome or Chromium, started for the purpose.

import { existsSync } from "node:fs";
import { CliError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { pageConnection, START_MS } from "./page-connection.ts";
import type { Driver, Runner } from "./runner.ts";

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
  connect: startChrome,
};

async function startChrome(program: string, driver: Driver): Promise<Connection> {
  // Loaded only here, because it takes longer to load than everything else together.
  const { chromium } = await import("playwright-core");
  const browser = await chromium
    .launch({
      executablePath: program,
      timeout: START_MS,
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
      const [reason] = error.message.split("\n");
      throw new CliError("CLI_NO_ADAPTER", `${program} could not be started: ${reason}`);
    });
  return pageConnection(browser, program);
}
