// What the element looks like, at three widths and in both themes, against pictures that were looked at.
// `UPDATE_SCREENSHOTS=1 npx vitest run packages/web/test/screenshots.e2e.test.ts` takes new ones: look
// at them before they are committed. A machine with other fonts has other pictures and skips.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFINE, LabBrowser, type LabPage, labTag, smallSpec, untilTold } from "./lab-page.ts";

const folder = resolve(import.meta.dirname, "screenshots");
const fontsFile = resolve(folder, "text-width.json");
const isUpdate = process.env.UPDATE_SCREENSHOTS === "1";

/** Half the pixels along each side: layout, colours and curves are there, and files are small. */
const SCALE = 0.5;
/**
 * Pixels that may differ, as a share. Text that stands half a pixel lower came to 0.011 here; a plot that
 * was not drawn anew for its width, to 0.08.
 */
const MOST_DIFFERENT = 0.025;
/** Differences below this, of 255, are antialiasing. */
const LEAST_DIFFERENCE = 40;

let lab: LabBrowser;
let opened: LabPage;

beforeAll(async () => {
  lab = await LabBrowser.start();
  opened = await lab.open(labTag(smallSpec(), "autoplay engine=cpu"), {
    deviceScaleFactor: SCALE,
    viewport: { width: 768, height: 900 },
    head: `<style>:root { color-scheme: light dark } body { margin: 8px }</style>${DEFINE}`,
  });
  await untilTold(opened.page, "lab-finish");
  mkdirSync(folder, { recursive: true });
});

afterAll(async () => {
  await opened?.close();
  await lab?.close();
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.for([360, 768, 1440])("at %d pixels", async (width, { skip }) => {
    const { page } = opened;
    const textWidth = await widthOfText(page);
    if (isUpdate) writeFileSync(fontsFile, `${JSON.stringify({ textWidth })}\n`);
    const known = existsSync(fontsFile) ? JSON.parse(readFileSync(fontsFile, "utf8")) : {};
    skip(known.textWidth !== textWidth, "the fonts are others than those of the pictures");
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const picture = await settledPicture(page);
    const file = resolve(folder, `${colorScheme}-${width}.jpeg`);
    if (isUpdate) writeFileSync(file, picture);
    const expected = readFileSync(file);
    const { size, expectedSize, different } = await compared(page, picture, expected);
    expect(size).toEqual(expectedSize);
    expect(different).toBeLessThanOrEqual(MOST_DIFFERENT);
  });
});

/** Drawn anew after a change of width or theme, which takes frames and no time. */
async function settledPicture(page: Page): Promise<Buffer> {
  await page.waitForFunction(() => {
    const root = document.querySelector("convergence-lab")!.shadowRoot!;
    return [...root.querySelectorAll(".picture svg")].every(
      (svg) => Number(svg.getAttribute("width")) === Math.round(svg.parentElement!.clientWidth),
    );
  });
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  return page
    .locator("convergence-lab")
    .screenshot({ animations: "disabled", type: "jpeg", quality: 70 });
}

function widthOfText(page: Page): Promise<number> {
  return page.evaluate(() => {
    const pen = document.createElement("canvas").getContext("2d")!;
    pen.font = "16px system-ui";
    return Math.round(100 * pen.measureText("Which changes fix it? 0123456789").width);
  });
}

/** In the browser, which reads JPEG. */
function compared(page: Page, picture: Buffer, expected: Buffer) {
  return page.evaluate(
    async ([one, other, least]) => {
      const pixelsOf = async (base64: string) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
        const canvas = new OffscreenCanvas(image.width, image.height);
        const pen = canvas.getContext("2d")!;
        pen.drawImage(image, 0, 0);
        const { data } = pen.getImageData(0, 0, image.width, image.height);
        return { size: [image.width, image.height], data };
      };
      const [a, b] = [await pixelsOf(one), await pixelsOf(other)];
      let count = 0;
      for (let i = 0; i < a.data.length; i += 4) {
        const differs = [0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > least);
        if (differs) count++;
      }
      return { size: a.size, expectedSize: b.size, different: (4 * count) / a.data.length };
    },
    [picture.toString("base64"), expected.toString("base64"), LEAST_DIFFERENCE] as const,
  );
}
