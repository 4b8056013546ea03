// A Chrome that runs already, here or elsewhere, and lets others drive it over the DevTools
// protocol (--remote-debugging-port). Its driver and its flags are its own.

import { CliError } from "../errors.ts";
import { pageConnection } from "./page-connection.ts";
import type { Runner } from "./runner.ts";

/** A browser that trains already may take seconds; where nobody listens it is refused at once. */
const CONNECT_MS = 30_000;

export function remoteChrome(url: string): Runner {
  // The address may hold a password or a token.
  const label = `Chrome at ${new URL(url).host}`;
  return {
    runtime: "chrome",
    label,
    missing: "",
    hasOwnDriver: true,
    find: () => url,
    async connect() {
      const { chromium } = await import("playwright-core");
      const browser = await chromium
        .connectOverCDP(url, { timeout: CONNECT_MS })
        .catch((error: Error) => {
          throw new CliError(
            "CLI_NO_ADAPTER",
            `${label} does not answer: ${reasonIn(error)}. Start it with --remote-debugging-port, and reach one on another machine through a tunnel (ssh -L).`,
          );
        });
      return pageConnection(browser, label);
    },
  };
}

/** Playwright's message repeats the whole address. */
function reasonIn({ message }: Error): string {
  return /E[A-Z]{4,}|[Tt]imeout/.exec(message)?.[0] ?? "it speaks no DevTools protocol";
}
