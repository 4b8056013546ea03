// Every control of the element, in a real browser.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  eventsOf,
  LabBrowser,
  type LabPage,
  labTag,
  smallSpec,
  untilTold,
  workersFor,
} from "./lab-page.ts";

let lab: LabBrowser;

beforeAll(async () => {
  lab = await LabBrowser.start();
});

afterAll(() => lab.close());

/** A test on a page of its own, which must have thrown nothing. */
function onPage(
  name: string,
  body: string,
  check: (page: Page, element: Locator) => Promise<void>,
  options: Parameters<LabBrowser["open"]>[1] = {},
): void {
  test(name, async () => {
    const opened: LabPage = await lab.open(body, options);
    try {
      await check(opened.page, opened.page.locator("convergence-lab"));
      expect(opened.errors).toEqual([]);
    } finally {
      await opened.close();
    }
  });
}

const button = (of: Locator, name: string | RegExp) => of.getByRole("button", { name });

const PANELS = ["Change a setting", "Your data or model", "Edit the spec", "Take it with you"];

/** Turns to the lab first, as a reader does. */
async function openPanel(element: Locator, title: string): Promise<void> {
  await element.locator('[part="title"]').hover();
  await element.locator(".facts", { hasText: /./ }).waitFor();
  await element.getByText(title).click();
}

async function specOf(element: Locator): Promise<{ readonly train?: object }> {
  return element.evaluate((lab) => (lab as unknown as { spec: { train?: object } }).spec);
}

interface Finished {
  readonly kind: string;
  readonly report: { readonly runs: object; readonly variants: Record<string, unknown> };
}

onPage(
  "trains on a click, shows curves over the seeds and tells of it",
  labTag(smallSpec()),
  async (page, element) => {
    await button(element, "Train 4 seeds").click();
    await untilTold(page, "lab-finish");
    const [{ kind, report }] = await eventsOf<Finished>(page, "lab-finish");
    expect(kind).toBe("training");
    expect(report.runs).toEqual({ planned: 4, finished: 4 });
    expect((await eventsOf(page, "lab-progress")).length).toBeGreaterThan(0);
    const plot = element.getByRole("img", { name: /^Training loss goes from .* to .* 4 seeds/ });
    expect(await plot.count()).toBe(1);
    expect(await element.getByRole("img", { name: /^Gradient norm by layer/ }).count()).toBe(1);
    expect(
      await element
        .getByRole("img", { name: /^What one network of baseline answers over large and small/ })
        .count(),
    ).toBe(1);
    expect(await element.locator('[part="engine"]').textContent()).toMatch(
      /^Trained by cpu \(WebAssembly SIMD, float32, \d+ workers\)\. It was asked for\.$/,
    );
  },
);

onPage(
  "a spec that is set and trained at once is the one that trains",
  labTag(smallSpec()),
  async (page, element) => {
    await button(element, "Train 4 seeds").click();
    await untilTold(page, "lab-finish");
    const runs = await element.evaluate(
      async (lab, spec) => {
        const live = lab as HTMLElement & {
          spec: unknown;
          train(): Promise<{ runs: { planned: number } } | undefined>;
        };
        live.spec = spec;
        return (await live.train())?.runs.planned;
      },
      smallSpec({ seeds: { training: 3 } }),
    );
    expect(runs).toBe(3);
  },
);

for (const width of [1200, 360]) {
  onPage(
    `what a reader may click stays where it is when findings come, at ${width} pixels`,
    labTag(smallSpec()),
    async (_, element) => {
      const train = button(element, "Train 4 seeds");
      await train.waitFor();
      const clicked = [train, ...PANELS.map((title) => element.getByText(title))];
      const places = () => Promise.all(clicked.map((each) => each.boundingBox()));
      const before = await places();
      await train.hover();
      await element.getByText("What stands out").waitFor();
      expect(await places()).toEqual(before);
    },
    { viewport: { width, height: 900 } },
  );
}

onPage("nothing trains before a click", labTag(smallSpec()), async (page, element) => {
  await button(element, "Train 4 seeds").waitFor();
  await page.waitForTimeout(300);
  expect(await eventsOf(page, "lab-progress")).toEqual([]);
});

onPage(
  "autoplay trains when it is seen",
  labTag(smallSpec(), "autoplay engine=cpu"),
  async (page) => {
    await untilTold(page, "lab-finish");
  },
);

onPage(
  "autoplay does not where the reader prefers reduced motion",
  labTag(smallSpec(), "autoplay engine=cpu"),
  async (page, element) => {
    await button(element, "Train 4 seeds").waitFor();
    await page.waitForTimeout(300);
    expect(await eventsOf(page, "lab-progress")).toEqual([]);
  },
  { reducedMotion: "reduce" },
);

onPage(
  "the table behind a plot holds its numbers",
  labTag(smallSpec(), "autoplay engine=cpu"),
  async (page, element) => {
    await untilTold(page, "lab-finish");
    const figure = element.locator("figure").first();
    await figure.getByText("Show as table").click();
    const rows = figure.getByRole("row");
    expect(await rows.first().textContent()).toBe("epochmedian");
    expect(await rows.count()).toBe(13);
    expect(await rows.nth(1).textContent()).toMatch(/^1[\d.]+ \([\d.]+ to [\d.]+\)$/);
  },
);

onPage("every knob changes the spec", labTag(smallSpec()), async (_, element) => {
  await openPanel(element, "Change a setting");
  const turn = async (label: string, value: string) => {
    await element.getByLabel(label, { exact: true }).fill(value);
    await element.getByLabel(label, { exact: true }).blur();
    await element.getByText("Changed; train to see what it does.").waitFor();
  };
  await turn("Learning rate", "0.02");
  await turn("Hidden layers", "2");
  await turn("Units in each", "5");
  await turn("Batch size", "4");
  await turn("Epochs", "3");
  await turn("Training seeds", "6");
  await element.getByLabel("Activation").selectOption("tanh");
  await element.getByLabel("Optimizer").selectOption("sgd");
  await element.getByText("2-5-5-1 tanh tanh sigmoid").waitFor();
  await expect
    .poll(async () => (await specOf(element)).train)
    .toMatchObject({ optimizer: "sgd", learningRate: 0.02, epochs: 3, batchSize: 4 });
  expect(await button(element, "Train 6 seeds").count()).toBe(1);
});

onPage(
  "what is being typed outlasts a change that opens meanwhile",
  labTag(smallSpec()),
  async (_, element) => {
    await openPanel(element, "Change a setting");
    const knob = (label: string) => element.getByLabel(label, { exact: true });
    await knob("Epochs").fill("3");
    await element.evaluate((lab) => {
      const optimizer = lab.shadowRoot!.querySelector<HTMLSelectElement>("[name=optimizer]")!;
      optimizer.value = "sgd";
      optimizer.dispatchEvent(new Event("change"));
    });
    await element.getByText("Changed; train to see what it does.").waitFor();
    expect(await knob("Epochs").inputValue()).toBe("3");
    await knob("Epochs").blur();
    await expect
      .poll(async () => (await specOf(element)).train)
      .toMatchObject({ optimizer: "sgd", epochs: 3 });
  },
);

onPage("so does what is being written into the spec", labTag(smallSpec()), async (_, element) => {
  await openPanel(element, "Change a setting");
  await openPanel(element, "Edit the spec");
  const text = element.getByLabel("The experiment as JSON");
  await expect.poll(() => text.inputValue()).toContain('"epochs": 12');
  const written = (await text.inputValue()).replace('"epochs": 12', '"epochs": 3');
  await text.fill(written);
  await element.evaluate((lab) => {
    const optimizer = lab.shadowRoot!.querySelector<HTMLSelectElement>("[name=optimizer]")!;
    optimizer.value = "sgd";
    optimizer.dispatchEvent(new Event("change"));
  });
  await element.getByText("Changed; train to see what it does.").waitFor();
  expect(await text.inputValue()).toBe(written);
  await button(element, "Use this spec").click();
  await expect.poll(async () => (await specOf(element)).train).toMatchObject({ epochs: 3 });
});

onPage(
  "a mistake in the spec is shown by its path, and the rest goes on",
  labTag(smallSpec()),
  async (page, element) => {
    await openPanel(element, "Edit the spec");
    const text = element.getByLabel("The experiment as JSON");
    await expect.poll(() => text.inputValue()).toContain('"(40 rows, as they were given)"');
    const written = await text.inputValue();
    await text.fill(written.replace('"epochs": 12', '"epochs": 0'));
    await button(element, "Use this spec").click();
    const problems = element.locator(".problems li");
    await problems.first().waitFor();
    expect(await problems.first().textContent()).toMatch(/^train\.epochs /);
    const [error] = await eventsOf<{ code: string }>(page, "lab-error");
    expect(error.code).toBe("SPEC_INVALID");
    await text.fill(written.replace('"epochs": 12', '"epochs": 5'));
    await button(element, "Use this spec").click();
    await problems.first().waitFor({ state: "detached" });
    await button(element, "Train 4 seeds").click();
    await untilTold(page, "lab-finish");
  },
);

onPage(
  "text that is no JSON is said to be none",
  labTag(undefined, 'spec="{"'),
  async (page, element) => {
    await untilTold(page, "lab-error");
    expect(await element.getByRole("status").first().textContent()).toContain(
      "The attribute spec is no JSON",
    );
  },
);

onPage(
  "stops, and shows what had finished",
  // Long enough that no machine is through before it is told to stop.
  labTag(
    smallSpec({ train: { loss: "binaryCrossentropy", epochs: 3000 }, seeds: { training: 400 } }),
  ),
  async (page, element) => {
    await button(element, "Train 400 seeds").click();
    // One more than are in training at a time, of 3000 epochs of 30 rows each.
    const networks = await workersFor(page, 400);
    const stepsDone = async () => {
      const told = await eventsOf<{ stepsDone: number }>(page, "lab-progress");
      return told.at(-1)?.stepsDone ?? 0;
    };
    await expect.poll(stepsDone).toBeGreaterThan(networks * 3000 * Math.ceil(30 / 8));
    await button(element, "Stop").click();
    await untilTold(page, "lab-finish");
    const [{ report }] = await eventsOf<{ report: { runs: { finished: number } } }>(
      page,
      "lab-finish",
    );
    expect(report.runs.finished).toBeGreaterThan(0);
    expect(report.runs.finished).toBeLessThan(400);
  },
);

const broken = smallSpec({
  train: { loss: "binaryCrossentropy", epochs: 25, batchSize: 8 },
  seeds: { training: 6 },
});

onPage(
  "finds what fixes it, with proofs, and trains it beside the unchanged network",
  labTag(broken),
  async (page, element) => {
    await button(element, "Find what fixes it").click();
    await untilTold(page, "lab-finish");
    const verdict = element.locator('[part="verdict"]');
    expect(await verdict.locator(".outcome").textContent()).toBe("Fixed");
    const evidence = element.locator('[part="evidence"]');
    expect(await evidence.getByRole("heading", { name: "What was tried" }).count()).toBe(1);
    expect(
      await evidence.getByRole("img", { name: /^Effect of each change/ }).count(),
    ).toBeGreaterThan(0);
    await button(element, "Watch it train with the change").click();
    await untilTold(page, "lab-finish", 2);
    const [, { kind, report }] = await eventsOf<Finished>(page, "lab-finish");
    expect(kind).toBe("training");
    expect(Object.keys(report.variants)).toHaveLength(2);
  },
);

onPage("a finding's change is one click away", labTag(broken), async (page, element) => {
  await button(element, "Train 6 seeds").hover();
  await button(element, /^Try: .*standard/)
    .first()
    .click();
  await untilTold(page, "lab-finish");
  const [{ report }] = await eventsOf<Finished>(page, "lab-finish");
  expect(Object.keys(report.variants)).toEqual(["as it was", "standardize"]);
});

const hostile = '<img src=x onerror="document.title=1">';

onPage(
  "a table with hostile names stays text",
  labTag(undefined, "engine=cpu"),
  async (page, element) => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${i % 7},${(i * 3) % 11},${i % 2 === 0 ? hostile.replaceAll('"', '""') : "b"}`,
    );
    const names = `"${hostile.replaceAll('"', '""')}",plain,class`;
    const csv = [names, ...rows.map((row) => row.replace(/<.*>/, (label) => `"${label}"`))].join(
      "\n",
    );
    await element.getByText("Your data or model").click();
    await element.getByText("Your data stays in this browser.").waitFor();
    await drop(element, "<b>t.csv", csv);
    await button(element, "Use this table").click();
    await element.getByText(/60 rows, 2 columns to learn from/).waitFor();
    await button(element, "Train 20 seeds").click();
    await untilTold(page, "lab-finish");
    await button(element, "Find what fixes it").click();
    await untilTold(page, "lab-finish", 2);
    const found = await element.evaluate((lab) => ({
      images: lab.shadowRoot!.querySelectorAll("img").length,
      bold: lab.shadowRoot!.querySelectorAll("b").length,
      text: lab.shadowRoot!.textContent!.includes("<img src=x"),
    }));
    expect(found).toEqual({ images: 0, bold: 0, text: true });
    expect(await page.title()).toBe("a page");
  },
);

/** Drops a file on the zone, as a person does. */
async function drop(element: Locator, name: string, content: string): Promise<void> {
  await element.locator(".drop").evaluate(
    (zone, [file, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], file));
      zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, content] as const,
  );
}

onPage(
  "a table is fetched from the address that a reader gives",
  labTag(undefined, "engine=cpu"),
  async (page, element) => {
    const asked: string[] = [];
    await page.route("https://data.example/**", (route) => {
      asked.push(route.request().url());
      return route.request().url().includes(".csv")
        ? route.fulfill({
            body: "a,b,class\n1,2,x\n3,4,y\n5,6,x\n7,9,y\n",
            headers: { "access-control-allow-origin": "*" },
          })
        : route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" } });
    });
    await element.getByText("Your data or model").click();
    const address = element.getByLabel("Or its address");
    await address.fill("https://data.example/tables/small%20one.csv?raw=1");
    expect(asked).toEqual([]);
    await button(element, "Fetch it").click();
    await element.getByText("small one.csv: 4 rows, 3 columns.").waitFor();
    expect(asked).toEqual(["https://data.example/tables/small%20one.csv?raw=1"]);
    await address.fill("https://data.example/none");
    await button(element, "Fetch it").click();
    await element.getByText(/the server answers 404. Download it and drop it here/).waitFor();
  },
);

const models = resolve(import.meta.dirname, "../../../test-fixtures/models");

onPage("a Keras model is read here", labTag(undefined, "engine=cpu"), async (_, element) => {
  await element.getByText("Your data or model").click();
  await element.getByLabel(/^A table/).setInputFiles({
    name: "m.keras",
    mimeType: "application/zip",
    buffer: readFileSync(resolve(models, "m.keras")),
  });
  await element.getByText("Now drop the table that it is for.").waitFor();
});

onPage("what cannot be read is said", labTag(undefined, "engine=cpu"), async (_, element) => {
  await element.getByText("Your data or model").click();
  await drop(element, "empty.csv", "");
  await element.locator(".problems li").waitFor();
  expect(await element.locator(".problems li").textContent()).toContain("empty.csv");
});

onPage(
  "a link holds the experiment, and opening it trains nothing",
  labTag(smallSpec()),
  async (page, element) => {
    await openPanel(element, "Change a setting");
    await element.getByLabel("Epochs").fill("7");
    await element.getByLabel("Epochs").blur();
    await element.getByText("Changed; train to see what it does.").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    await element.getByText("Take it with you").click();
    await button(element, "Copy a link").click();
    await element.getByText(/^The link is in the/).waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#lab=0:[\w-]+$/);
    await page.reload();
    await openPanel(element, "Change a setting");
    await page.waitForFunction(
      () =>
        document
          .querySelector("convergence-lab")!
          .shadowRoot!.querySelector<HTMLInputElement>('[name="epochs"]')!.value === "7",
      undefined,
      { polling: 50 },
    );
    expect(await eventsOf(page, "lab-progress")).toEqual([]);
  },
);

onPage(
  "downloads the report, the curves and Keras code",
  labTag(smallSpec(), "autoplay engine=cpu"),
  async (page, element) => {
    await untilTold(page, "lab-finish");
    await element.getByText("Take it with you").click();
    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        button(element, name).click(),
      ]);
      return readFileSync(await download.path(), "utf8");
    };
    expect(await save("Report (HTML)")).toMatch(/^<!doctype html>/);
    expect(await save("Curves (CSV)")).toMatch(
      /^variant,metric,epoch,median,p10,p90\r\nbaseline,loss,1,/,
    );
    expect(JSON.parse(await save("Everything (JSON)")).version).toBe(1);
    expect(await save("Keras code (Python)")).toContain("import keras");
  },
);

onPage(
  "readonly leaves nothing to edit",
  labTag(smallSpec(), "readonly engine=cpu"),
  async (_, element) => {
    await element.hover();
    await element.getByText("What stands out").waitFor();
    expect(await element.getByText("Change a setting").isVisible()).toBe(false);
    expect(await element.getByText("Edit the spec").isVisible()).toBe(false);
    expect(await button(element, /^Try:/).count()).toBe(0);
  },
);

onPage(
  "variants are compared, and what is turned stands beside them",
  labTag(undefined, 'preset="article-1" engine="cpu"'),
  async (page, element) => {
    await element.locator('[part="title"]', { hasText: /^Article 1$/ }).waitFor();
    await element.hover();
    await button(element, "Train 40 networks").click();
    await untilTold(page, "lab-finish");
    expect(await element.locator('[part="verdict"] .verdict').textContent()).toMatch(
      /supported|contradicted|undecided/,
    );
    await element.getByLabel("Look into").selectOption("normalized");
    expect(
      await element
        .getByRole("img", {
          name: /^Training loss after 100 epochs, medians over seeds: unnormalized/,
        })
        .count(),
    ).toBe(1);
    await openPanel(element, "Change a setting");
    await element.getByLabel("Learning rate").fill("0.1");
    await element.getByLabel("Learning rate").blur();
    await button(element, "Train 60 networks").waitFor();
  },
);

onPage(
  "a spec by its address, and one that is not there",
  `<convergence-lab src="/dist/lab.schema.json"></convergence-lab>`,
  async (page, element) => {
    await element.hover();
    await untilTold(page, "lab-error");
    const [error] = await eventsOf<{ problems: unknown[] }>(page, "lab-error");
    expect(error.problems.length).toBeGreaterThan(0);
    await element.evaluate((lab) => lab.setAttribute("src", "/nowhere.json"));
    await untilTold(page, "lab-error", 2);
    expect(await element.getByRole("status").first().textContent()).toContain("/nowhere.json: 404");
  },
);

onPage("every control is reached by the keyboard", labTag(smallSpec()), async (page, element) => {
  await button(element, "Train 4 seeds").hover();
  await element.getByText("What stands out").waitFor();
  await element.evaluate((lab) => {
    for (const details of lab.shadowRoot!.querySelectorAll("details")) details.open = true;
  });
  const reached = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const at = await element.evaluate((lab) => {
      const active = lab.shadowRoot!.activeElement as HTMLInputElement | null;
      return active === null ? "" : `${active.localName} ${active.name || active.textContent}`;
    });
    if (at === "" && reached.size > 0) break;
    if (at !== "") reached.add(at);
  }
  const wanted = await element.evaluate((lab) =>
    [
      ...lab.shadowRoot!.querySelectorAll<HTMLInputElement>(
        "button, input, select, textarea, summary",
      ),
    ]
      .filter((control) => control.checkVisibility() && !control.disabled)
      .map((control) => `${control.localName} ${control.name || control.textContent}`),
  );
  expect([...reached]).toEqual(expect.arrayContaining(wanted));
});

onPage(
  "the property takes an object, also before the element is defined",
  '<convergence-lab engine="cpu"></convergence-lab>',
  async (page, element) => {
    await element.evaluate(
      (lab, spec) => {
        (lab as unknown as { spec: unknown }).spec = spec;
      },
      smallSpec({ title: "By property" }),
    );
    await element.getByText("By property").waitFor();
    await page.evaluate(
      (spec) => {
        const early = document.createElement("convergence-lab");
        early.setAttribute("engine", "cpu");
        Object.defineProperty(early, "spec", { value: spec, configurable: true, writable: true });
        document.querySelector("main")!.prepend(early);
      },
      smallSpec({ title: "Set early" }),
    );
    await page.getByText("Set early").waitFor();
  },
);
