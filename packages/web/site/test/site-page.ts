// Waiting for an element of a page under test.

import type { Page } from "playwright-core";

/** Whether an element has finished a training, or does now; it tells so on its way up. */
export function finished(page: Page, selector: string): Promise<boolean> {
  return page.evaluate(
    (wanted) =>
      new Promise<boolean>((resolve) => {
        const { report } = document.querySelector(wanted) as unknown as { report?: unknown };
        if (report !== undefined) resolve(true);
        addEventListener("lab-finish", (event) => {
          if ((event.target as Element).matches(wanted)) resolve(true);
        });
        addEventListener("lab-error", () => resolve(false));
        setTimeout(() => resolve(false), 90_000);
      }),
    selector,
  );
}
