// Where the element has to work: under strict policies, in frames, over plain http, from a file, beside
// others, and when the page or the device goes away.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  DEFINE,
  eventsOf,
  LAN_HOST,
  LabBrowser,
  type LabPage,
  type LabPageOptions,
  labTag,
  PATIENCE,
  smallSpec,
  untilTold,
  workersFor,
} from "./lab-page.ts";

const dist = resolve(import.meta.dirname, "../dist");
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

let lab: LabBrowser;

beforeAll(async () => {
  lab = await LabBrowser.start();
});

afterAll(() => lab.close());

async function onPage(
  body: string,
  options: LabPageOptions,
  check: (page: Page) => Promise<void>,
): Promise<void> {
  const opened: LabPage = await lab.open(body, options);
  try {
    await check(opened.page);
    expect(opened.errors).toEqual([]);
  } finally {
    await opened.close();
  }
}

const AUTOPLAY = labTag(smallSpec(), "autoplay");

/** The page and this process hear of a worker's start and end one after the other. */
async function expectWorkers(page: Page, count: number): Promise<void> {
  await expect.poll(() => page.workers().length).toBe(count);
}

interface Finished {
  readonly report: { readonly engine: { name: string; adapter: string; reason: string } };
}

async function engineThatTrained(page: Page) {
  await untilTold(page, "lab-finish");
  return (await eventsOf<Finished>(page, "lab-finish"))[0].report.engine;
}

const STRICT = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'";

test("under a strict policy it trains in plain TypeScript, because WebAssembly is forbidden", () =>
  onPage(AUTOPLAY, { headers: { "content-security-policy": STRICT } }, async (page) => {
    const { name, adapter, reason } = await engineThatTrained(page);
    expect(name).toBe("cpu");
    expect(adapter).toMatch(/^plain TypeScript, float32, \d+ workers$/);
    expect(reason).toContain("WebAssembly does not start here");
    const style = await page.locator("convergence-lab").evaluate((element) => {
      const root = element.shadowRoot!.querySelector(".lab")!;
      return getComputedStyle(root).borderRadius;
    });
    expect(style).toBe("10px");
    await expectWorkers(page, await workersFor(page, 4));
  }));

test("under a strict policy the one-file version's own address is its worker's", () =>
  onPage(
    AUTOPLAY,
    {
      headers: { "content-security-policy": STRICT },
      head: '<script src="/dist/lab.iife.js"></script>',
    },
    async (page) => {
      const { name, adapter } = await engineThatTrained(page);
      expect(name).toBe("cpu");
      expect(adapter).toMatch(/^plain TypeScript, float32, \d+ workers$/);
      await expectWorkers(page, await workersFor(page, 4));
    },
  ));

test("under a policy that forbids every worker it trains in the page", () =>
  onPage(
    AUTOPLAY,
    { headers: { "content-security-policy": `${STRICT}; worker-src 'none'` } },
    async (page) => {
      expect((await engineThatTrained(page)).name).toBe("cpu");
      await expectWorkers(page, 0);
    },
  ));

test("where trusted types are required it shows markup of its own policy", () =>
  onPage(
    labTag(smallSpec(), "autoplay engine=cpu"),
    {
      headers: {
        "content-security-policy":
          "require-trusted-types-for 'script'; trusted-types convergence-lab",
      },
    },
    async (page) => {
      await engineThatTrained(page);
      expect(await page.getByRole("img", { name: /^Training loss/ }).count()).toBe(1);
    },
  ));

test("a software adapter is named as the reason for the CPU", () =>
  onPage(AUTOPLAY, {}, async (page) => {
    const { name, adapter, reason } = await engineThatTrained(page);
    expect(name).toBe("cpu");
    expect(adapter).toMatch(/^WebAssembly SIMD, float32, \d+ workers$/);
    expect(reason).toMatch(
      /^The WebGPU adapter, .*SwiftShader.*, is a software one, and slower than this\.$/i,
    );
  }));

test("one worker per core gives the bits of one worker, which is what trains where no more may start", async () => {
  const trained = async (workerPrefix: string) => {
    let report: { engine: { adapter: string }; variants: object } | undefined;
    await onPage(labTag(smallSpec(), 'autoplay engine="cpu"'), { workerPrefix }, async (page) => {
      await untilTold(page, "lab-finish");
      [{ report }] = await eventsOf<{ report: NonNullable<typeof report> }>(page, "lab-finish");
    });
    return report!;
  };
  const [several, one] = [await trained(""), await trained("globalThis.Worker = undefined;")];
  expect(several.engine.adapter).toMatch(/, \d+ workers$/);
  expect(one.engine.adapter).toBe("WebAssembly SIMD, float32");
  expect(several.variants).toEqual(one.variants);
});

test("on WebGPU, where it is asked for, the numbers are those of the CPU", () =>
  onPage(
    labTag(smallSpec(), 'autoplay engine="webgpu"') + labTag(smallSpec(), 'autoplay engine="cpu"'),
    {},
    async (page) => {
      await untilTold(page, "lab-finish", 2);
      const finished = await eventsOf<{
        report: {
          engine: { name: string };
          variants: { baseline: { final: { loss: { mean: number } } } };
        };
      }>(page, "lab-finish");
      const lossOf = (engine: string) =>
        finished.find(({ report }) => report.engine.name === engine)!.report.variants.baseline.final
          .loss.mean;
      // Float32 in another order of summation, over 60 steps of features in the thousands.
      expect(lossOf("webgpu") / lossOf("cpu")).toBeCloseTo(1, 3);
    },
  ));

test("a page over plain http says so", () =>
  onPage(AUTOPLAY, { host: LAN_HOST }, async (page) => {
    expect((await engineThatTrained(page)).reason).toBe(
      "This page is served over plain http, and browsers give WebGPU to secure pages only.",
    );
  }));

test.each([
  ["modules", '<script type="module" src="ORIGIN/dist/define.js"></script>'],
  ["the one-file version", '<script src="ORIGIN/dist/lab.iife.js"></script>'],
])("in a sandboxed frame it trains in a worker: %s", (_, head) => {
  const origin = new URL(lab.serve("/", "")).origin;
  const inner = `<!doctype html><html lang="en"><title>inner</title>${head.replace("ORIGIN", origin)}<body>${AUTOPLAY}</body></html>`;
  const frame = `<iframe title="lab" sandbox="allow-scripts" width="700" height="600" srcdoc="${inner.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"></iframe>`;
  return onPage(frame, {}, async (page) => {
    const inside = page.frameLocator("iframe").getByRole("img", { name: /^Training loss/ });
    await inside.waitFor();
    await expectWorkers(page, await workersFor(page, 4));
  });
});

test("from a file the one-file version works, worker and all", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-file-"));
  const file = join(folder, "page.html");
  const script = pathToFileURL(join(dist, "lab.iife.js")).href;
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><title>file</title><script src="${script}"></script>${AUTOPLAY}</html>`,
  );
  const page = await lab.browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  try {
    await page.goto(pathToFileURL(file).href);
    await page.getByRole("img", { name: /^Training loss/ }).waitFor();
    await expectWorkers(page, await workersFor(page, 4));
  } finally {
    await page.close();
    rmSync(folder, { recursive: true });
  }
});

/** A training that no machine ends while a test looks at it. */
const LONG = smallSpec({
  train: { loss: "binaryCrossentropy", epochs: 40_000, batchSize: 8 },
  seeds: { training: 60 },
});

const doneSteps = (page: Page) =>
  eventsOf<{ stepsDone: number }>(page, "lab-progress").then((told) => told.at(-1)?.stepsDone ?? 0);

const stepsOfLong = 60 * 40_000 * Math.ceil(30 / 8);

/** Until nothing goes on for a second: what was under way when it was told to wait is told before. */
async function untilStill(page: Page): Promise<number> {
  for (let before = -1; ; ) {
    const now = await doneSteps(page);
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(1000);
  }
}

async function setVisibility(page: Page, state: string): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { get: () => value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

test("it stands still in a hidden tab and goes on when it is seen", () =>
  onPage(labTag(LONG, "autoplay engine=cpu"), {}, async (page) => {
    await untilTold(page, "lab-progress", 3);
    await setVisibility(page, "hidden");
    const still = await untilStill(page);
    expect(still).toBeLessThan(stepsOfLong);
    await setVisibility(page, "visible");
    await expect.poll(() => doneSteps(page)).toBeGreaterThan(still);
  }));

test("it stands still outside of the window", () =>
  onPage(
    `${labTag(LONG, "autoplay engine=cpu")}<div style="height: 5000px"></div><p id="end">end</p>`,
    {},
    async (page) => {
      await untilTold(page, "lab-progress", 3);
      await page.locator("#end").scrollIntoViewIfNeeded();
      expect(await untilStill(page)).toBeLessThan(stepsOfLong);
    },
  ));

/** Tells every observer first of how an element stood before. */
const TELLS_TWICE = `<script>
  globalThis.IntersectionObserver = class extends IntersectionObserver {
    constructor(tell, options) {
      super((entries) => tell([...entries.map(({ isIntersecting }) => ({ isIntersecting: !isIntersecting })), ...entries]), options);
    }
  };
</script>`;

test("of several crossings that a busy page is told of at once the last one counts", async () => {
  const head = TELLS_TWICE + DEFINE;
  await onPage(AUTOPLAY, { head }, (page) => untilTold(page, "lab-finish"));
  await onPage(`<div style="height: 5000px"></div>${AUTOPLAY}`, { head }, async (page) => {
    await page.waitForTimeout(500);
    expect(page.workers()).toHaveLength(0);
  });
});

test("nothing is loaded for an element far below the window", () =>
  onPage(`<div style="height: 5000px"></div>${AUTOPLAY}`, {}, async (page) => {
    await page.waitForTimeout(500);
    expect(page.workers()).toHaveLength(0);
    expect(
      await page.locator("convergence-lab").evaluate((e) => e.shadowRoot!.children.length),
    ).toBe(1);
  }));

test("looking costs no worker; turning to it opens the experiment", () =>
  onPage(labTag(smallSpec()), {}, async (page) => {
    await page.getByRole("button", { name: "Train 4 seeds" }).waitFor();
    expect(page.workers()).toHaveLength(0);
    expect(await eventsOf(page, "lab-finding")).toEqual([]);
    await page.keyboard.press("Tab");
    await untilTold(page, "lab-finding");
    await expectWorkers(page, 1);
  }));

test("forth and back again it still trains", () =>
  onPage(labTag(smallSpec(), "engine=cpu"), {}, async (page) => {
    const train = () => page.getByRole("button", { name: "Train 4 seeds" });
    await train().click();
    await untilTold(page, "lab-finish");
    await page.goto(lab.serve("/elsewhere", "<!doctype html><title>elsewhere</title>"));
    await page.goBack();
    await train().click();
    const told = (await eventsOf(page, "lab-finish")).length;
    await untilTold(page, "lab-finish", Math.max(1, told));
  }));

test("without scripts, on paper and to search engines there is what stands between the tags", async () => {
  const body = labTag(smallSpec(), "", "<p>The picture of a training</p>");
  await onPage(body, { javaScriptEnabled: false }, async (page) => {
    expect(await page.getByText("The picture of a training").isVisible()).toBe(true);
  });
  await onPage(body, {}, async (page) => {
    await page.getByRole("button", { name: "Train 4 seeds" }).waitFor();
    expect(await page.getByText("The picture of a training").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Train 4 seeds" }).click();
    await untilTold(page, "lab-finish");
    expect(await page.getByText("The picture of a training").isVisible()).toBe(false);
    expect(await page.content()).toContain("The picture of a training");
  });
});

/** Counts the devices that a worker asks for. */
const COUNT_DEVICES = `globalThis.devices = 0;
const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = function (...args) { globalThis.devices++; return requestDevice.apply(this, args); };
`;

/** Side by side, so that all of them stay in the window while they grow: one outside stands still. */
const sideBySide = (elements: readonly string[]): string =>
  `<div style="display:grid;grid-template-columns:repeat(5,1fr)">${elements.join("")}</div>`;

test("ten elements share one worker and one device", () =>
  onPage(
    sideBySide(
      Array.from({ length: 10 }, () =>
        labTag(smallSpec({ train: { loss: "binaryCrossentropy", epochs: 2 } }), 'engine="webgpu"'),
      ),
    ),
    { workerPrefix: COUNT_DEVICES, viewport: { width: 2000, height: 6000 } },
    async (page) => {
      const elements = page.locator("convergence-lab");
      const train = page.getByRole("button", { name: "Train 4 seeds" });
      await expect.poll(() => train.count()).toBe(10);
      // By key: those below move while those above grow, and a click may come to where one was.
      for (const element of await elements.all()) {
        await element.getByRole("button", { name: "Train 4 seeds" }).press("Enter");
      }
      await untilTold(page, "lab-finish", 10);
      await expectWorkers(page, 1);
      const [worker] = page.workers();
      expect(
        await worker.evaluate(() => (globalThis as unknown as { devices: number }).devices),
      ).toBe(1);
      const heights = await page.evaluate(() => [
        document.documentElement.scrollHeight,
        innerHeight,
      ]);
      expect(heights[0]).toBeLessThanOrEqual(heights[1]);
    },
  ));

/** Takes the device away in the middle of a training, once, as a driver that restarts does. */
const LOSE_DEVICE = `const requestDevice = GPUAdapter.prototype.requestDevice;
let lost = false;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args);
  if (!lost) {
    const { submit } = GPUQueue.prototype;
    let submitted = 0;
    GPUQueue.prototype.submit = function (...buffers) {
      submit.apply(this, buffers);
      if (!lost && ++submitted > 12) { lost = true; globalThis.lostDevice = true; device.destroy(); }
    };
  }
  return device;
};
`;

test("a device that is lost in the middle of a training costs no number", () =>
  onPage(
    labTag(
      smallSpec({ train: { loss: "binaryCrossentropy", epochs: 300 } }),
      'autoplay engine="webgpu"',
    ),
    { workerPrefix: LOSE_DEVICE },
    async (page) => {
      const { name } = await engineThatTrained(page);
      const [worker] = page.workers();
      expect(
        await worker.evaluate(() => (globalThis as unknown as { lostDevice?: boolean }).lostDevice),
      ).toBe(true);
      expect(name).toBe("webgpu");
      const [{ report }] = await eventsOf<{ report: { runs: object } }>(page, "lab-finish");
      expect(report.runs).toEqual({ planned: 4, finished: 4 });
    },
  ));

/** An adapter that names itself a GPU, with a driver that gets the optimizer of our kernels wrong. */
const WRONG_KERNELS = `const info = { vendor: "v", architecture: "a", device: "d", description: "A wrong GPU" };
Object.defineProperty(GPUAdapter.prototype, "info", { get: () => info });
const { createShaderModule } = GPUDevice.prototype;
GPUDevice.prototype.createShaderModule = function ({ label, code }) {
  const isOurs = label?.startsWith("train-population");
  const wrong = isOurs ? code.replaceAll("w - learningRate", "w + learningRate") : code;
  return createShaderModule.call(this, { label, code: wrong });
};
`;

test("on a GPU that computes wrong numbers TensorFlow.js trains, held to the same known answer", () =>
  onPage(
    labTag(smallSpec({ train: { loss: "binaryCrossentropy", epochs: 2 } }), "autoplay"),
    { workerPrefix: WRONG_KERNELS },
    async (page) => {
      const { name, reason } = await engineThatTrained(page);
      expect(reason).toMatch(/^A wrong GPU computes wrong numbers/);
      expect(reason).toContain("So TensorFlow.js trains on it.");
      expect(name).toBe("tfjs");
    },
  ));

/**
 * Counts the workers that a page has started and not ended. Whoever watches a browser as closely as a
 * test does may see one of fifty that were ended for ever, which no message reaches any more.
 */
const COUNT_WORKERS = `<script>
  globalThis.workers = 0;
  globalThis.Worker = class extends Worker {
    constructor(...args) { super(...args); workers++; }
    terminate() { workers--; super.terminate(); }
  };
</script>`;

test("fifty rounds of coming and going leave nothing behind", () =>
  onPage("<div id=place></div>", { head: COUNT_WORKERS + DEFINE }, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const rounds = (count: number) =>
      page.evaluate(
        async ([html, times]) => {
          const place = document.querySelector("#place")!;
          for (let i = 0; i < Number(times); i++) {
            place.innerHTML = String(html);
            const element = place.firstElementChild as HTMLElement & { train(): Promise<unknown> };
            await element.train();
            place.replaceChildren();
            await new Promise((resolve) => setTimeout(resolve));
          }
          (globalThis as unknown as { labEvents: unknown[] }).labEvents.length = 0;
        },
        [labTag(smallSpec({ train: { loss: "binaryCrossentropy", epochs: 2 } })), String(count)],
      );
    const measure = async () => {
      await session.send("HeapProfiler.collectGarbage");
      await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
      return { nodes: of("Nodes"), listeners: of("JSEventListeners"), heap: of("JSHeapUsedSize") };
    };
    const workers = () =>
      page.evaluate(() => (globalThis as unknown as { workers: number }).workers);
    await rounds(5);
    await expect.poll(workers).toBe(0);
    const before = await measure();
    await rounds(50);
    await expect.poll(workers).toBe(0);
    const grown = async () => {
      const after = await measure();
      return {
        nodes: after.nodes - before.nodes,
        listeners: after.listeners - before.listeners,
        heap: after.heap - before.heap,
      };
    };
    // One element has hundreds of nodes and dozens of listeners. Those of the last may wait for a frame.
    const below = (most: number) => expect.toSatisfy((count: number) => count < most);
    await expect
      .poll(grown)
      .toEqual({ nodes: below(100), listeners: below(20), heap: below(1.5e6) });
  }));

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

test.each(["light", "dark"] as const)("axe finds nothing, %s", (colorScheme) =>
  onPage(
    labTag(
      smallSpec({
        train: { loss: "binaryCrossentropy", epochs: 25, batchSize: 8 },
        seeds: { training: 6 },
      }),
    ),
    {
      colorScheme,
      head: '<style>:root { color-scheme: light dark }</style><script type="module" src="/dist/define.js"></script>',
    },
    async (page) => {
      const element = page.locator("convergence-lab");
      const found = async () => {
        await page.evaluate(axeSource);
        return page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResult> } };
          const { violations } = await axe.run();
          return violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
          );
        });
      };
      await page.getByRole("button", { name: "Train 6 seeds" }).click();
      await untilTold(page, "lab-finish");
      for (const summary of await element.locator("summary").all()) {
        if (await summary.isVisible()) await summary.click();
      }
      expect(await found()).toEqual([]);
      await page.getByRole("button", { name: "Find what fixes it" }).click();
      await untilTold(page, "lab-finish", 2);
      for (const summary of await element.locator("[part=verdict] summary").all()) {
        if (await summary.isVisible()) await summary.click();
      }
      expect(await found()).toEqual([]);
    },
  ),
);
