// The built entries: on a server, in a notebook, and as one file.

import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventsOf, LabBrowser, smallSpec, untilTold, workersFor } from "./lab-page.ts";

let lab: LabBrowser;

beforeAll(async () => {
  lab = await LabBrowser.start();
});

afterAll(() => lab.close());

const root = resolve(import.meta.dirname, "..");

/** What a script prints in Node, with the package imported by its name. */
function inNode(script: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
  });
}

test("class and definition import on a server and define nothing there", () => {
  const printed = inNode(`
    import { ConvergenceLabElement, PRESETS } from "@convergence-lab/web";
    import "@convergence-lab/web/define";
    console.log(ConvergenceLabElement.name, typeof PRESETS, typeof globalThis.customElements);
  `);
  expect(printed.trim()).toMatch(/^\w+ object undefined$/);
});

test("a server makes the picture of a saved report, with every text escaped", () => {
  const printed = inNode(`
    import { fallbackHtml } from "@convergence-lab/web/static";
    const curve = { median: [0.7, 0.5], low: [0.6, 0.4], high: [0.8, 0.6] };
    const summary = { mean: 0.5, ci95: [0.45, 0.55] };
    console.log(fallbackHtml({
      title: "<b>title</b>",
      seeds: { training: [0, 1] },
      claims: [{ text: "<i>claim</i>", verdict: "supported", says: "<u>so</u>" }],
      variants: { a: { name: "<img src=x>", curves: { loss: curve }, final: { loss: summary }, chance: { loss: 0.69 } } },
    }));
  `);
  expect(printed).toMatch(/^<figure><svg /);
  expect(printed).toContain("0.450 to 0.550");
  expect(printed).not.toMatch(/<(b|i|u|img)[ >]/);
});

test("a notebook renders the element from one text, and gets the report", async () => {
  const { page, errors, close } = await lab.open("<div id=cell></div>", { head: "" });
  try {
    await page.evaluate(async (spec) => {
      // A notebook has the module as text, at an address of no server.
      const text = await (await fetch("/dist/anywidget.js")).text();
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      // The test's own loader would take an import that stands here for one of its own.
      const load = new Function("address", "return import(address)");
      const { default: widget } = await load(address);
      const traits: Record<string, unknown> = { spec, engine: "cpu", autoplay: true, preset: "" };
      const model = {
        get: (name: string) => traits[name],
        set: (name: string, value: unknown) => {
          traits[name] = value;
        },
        save_changes: () => {
          (globalThis as unknown as { saved: unknown }).saved = traits.report;
        },
        on() {},
        off() {},
      };
      const el = document.querySelector("#cell")!;
      (globalThis as unknown as { leave(): void }).leave = widget.render({ model, el });
    }, smallSpec());
    await untilTold(page, "lab-finish");
    await expect.poll(() => page.workers().length).toBe(await workersFor(page, 4));
    const saved = await page.evaluate(
      () => (globalThis as unknown as { saved: { name: string } }).saved.name,
    );
    expect(saved).toBe("small");
    await page.evaluate(() => (globalThis as unknown as { leave(): void }).leave());
    await expect.poll(() => page.workers().length).toBe(0);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});

test("the one-file version trains in a worker of its own text", async () => {
  const tag = `<convergence-lab preset="article-1" engine="cpu" autoplay></convergence-lab>`;
  const head = '<script src="/dist/lab.iife.js"></script>';
  const { page, errors, close } = await lab.open(tag, { head });
  try {
    await untilTold(page, "lab-finish");
    await expect.poll(() => page.workers().length).toBe(await workersFor(page, 40));
    const [{ report }] = await eventsOf<{ report: { claims: object[] } }>(page, "lab-finish");
    expect(report.claims).toHaveLength(1);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});
