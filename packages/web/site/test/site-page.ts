// A browser for the pages of a built site, and waiting for an element of one.

import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { PATIENCE } from "../../test/lab-page.ts";

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
    args: ["--no-first-run", "--disable-background-networking", "--disable-component-update"],
    timeout: PATIENCE,
  });
}

export async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE);
  return page;
}

/** Whether an element has finished a training, or does now; it tells so on its way up. */
export function finished(page: Page, selector: string): Promise<boolean> {
  return page.evaluate(
    ([wanted, patience]) =>
      new Promise<boolean>((resolve) => {
        const { report } = document.querySelector(wanted) as unknown as { report?: unknown };
        if (report !== undefined) resolve(true);
        addEventListener("lab-finish", (event) => {
          if ((event.target as Element).matches(wanted)) resolve(true);
        });
        addEventListener("lab-error", () => resolve(false));
        setTimeout(() => resolve(false), patience);
      }),
    [selector, PATIENCE] as const,
  );
}
