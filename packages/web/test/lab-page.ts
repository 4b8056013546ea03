// The built element in a real browser, on pages that this process serves: one browser for a file of
// tests, a fresh context for each test.

import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const dist = resolve(import.meta.dirname, "../dist");

/**
 * For everything that a test waits for, in ms: a guard against hangs. Playwright's own 30 s are what a
 * diagnosis takes where two other tests have the two cores.
 */
export const PATIENCE = 300_000;

const PROGRAM = process.env.CHROME_PATH ?? "/usr/bin/chromium";

/** A name that is no loopback address: pages of it are served over plain http, as from a LAN. */
export const LAN_HOST = "lab-server.test";

const ARGUMENTS = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${LAN_HOST} 127.0.0.1`,
];

export interface LabPageOptions extends BrowserContextOptions {
  /** Of every response, of the scripts too: a worker has the policy that it was served with. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: string;
  /** Put in front of the worker's script. */
  readonly workerPrefix?: string;
  /** What is seen without scripts in the head of the page. Absent: the module that defines it. */
  readonly head?: string;
  readonly hash?: string;
}

export const DEFINE = '<script type="module" src="/dist/define.js"></script>';

/** The browser and the server of a file of tests. */
export class LabBrowser {
  readonly browser: Browser;
  readonly #server: Server;
  readonly #pages = new Map<string, { html: string; headers: Readonly<Record<string, string>> }>();
  #workerPrefix = "";
  #headers: Readonly<Record<string, string>> = {};
  readonly #sent = new Set<string>();

  private constructor(browser: Browser, server: Server) {
    this.browser = browser;
    this.#server = server;
  }

  static async start(): Promise<LabBrowser> {
    if (!existsSync(PROGRAM)) {
      throw new Error(`${PROGRAM} is not there; apt-get install chromium, or set CHROME_PATH.`);
    }
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, done));
    const browser = await chromium.launch({
      executablePath: PROGRAM,
      args: ARGUMENTS,
      timeout: PATIENCE,
    });
    const lab = new LabBrowser(browser, server);
    server.on("request", ({ url = "/" }, response) => {
      const { status, type, body, headers } = lab.#answer(url.split("?")[0]);
      response.writeHead(status, { "content-type": type, ...headers });
      response.end(body);
    });
    return lab;
  }

  /** A page with this in its body. What a page throws fails the test that closes it. */
  async open(body: string, options: LabPageOptions = {}): Promise<LabPage> {
    const {
      headers = {},
      host = "127.0.0.1",
      workerPrefix = "",
      head = DEFINE,
      hash = "",
      ...context
    } = options;
    this.#workerPrefix = workerPrefix;
    this.#headers = headers;
    const path = `/page-${this.#pages.size}`;
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>a page</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">${head}</head><body><main><h1>A page</h1>${body}</main></body></html>`;
    this.#pages.set(path, { html, headers });
    const opened = await this.browser.newContext(context);
    opened.setDefaultTimeout(PATIENCE);
    const page = await opened.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.addInitScript(rememberEvents);
    await page.goto(`${this.#origin(host)}${path}${hash}`);
    return { page, errors, close: () => opened.close() };
  }

  /** Serves another document, for frames and for going on to. */
  serve(path: string, html: string, headers: Readonly<Record<string, string>> = {}): string {
    this.#pages.set(path, { html, headers });
    return `${this.#origin("127.0.0.1")}${path}`;
  }

  /** The built files that pages and their workers have loaded since this was asked for last. */
  takeSent(): string[] {
    const sent = [...this.#sent];
    this.#sent.clear();
    return sent;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.#server.close();
  }

  #origin(host: string): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(path: string) {
    const page = this.#pages.get(path);
    if (page !== undefined) {
      return { status: 200, type: "text/html", body: page.html, headers: page.headers };
    }
    const name = path.replace(/^\/dist\//, "");
    const file = join(dist, name);
    if (!path.startsWith("/dist/") || name.includes("..") || !existsSync(file)) {
      return { status: 404, type: "text/plain", body: "not here", headers: {} };
    }
    this.#sent.add(name);
    const script = readFileSync(file, "utf8");
    const type = extname(file) === ".json" ? "application/json" : "text/javascript";
    const body = name === "lab-worker.js" ? this.#workerPrefix + script : script;
    // A sandboxed frame has no origin, and its modules come from another one.
    return {
      status: 200,
      type,
      body,
      headers: { "access-control-allow-origin": "*", ...this.#headers },
    };
  }
}

export interface LabPage {
  readonly page: Page;
  /** What the page threw. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

interface Remembered {
  readonly type: string;
  readonly detail: unknown;
}

/** Runs in the page before anything else: keeps what the elements tell. */
function rememberEvents(): void {
  const seen: Remembered[] = [];
  (globalThis as unknown as { labEvents: Remembered[] }).labEvents = seen;
  for (const type of ["lab-progress", "lab-finding", "lab-finish", "lab-error"]) {
    document.addEventListener(type, (event) => {
      seen.push({ type, detail: (event as CustomEvent).detail });
    });
  }
}

export async function eventsOf<Detail = unknown>(page: Page, type: string): Promise<Detail[]> {
  return page.evaluate(
    (wanted) =>
      (globalThis as unknown as { labEvents: { type: string; detail: unknown }[] }).labEvents
        .filter((event) => event.type === wanted)
        .map(({ detail }) => detail as never),
    type,
  );
}

/** Resolves once so many events of a type were told. */
export async function untilTold(page: Page, type: string, count = 1): Promise<void> {
  await page.waitForFunction(
    ([wanted, least]) =>
      (globalThis as unknown as { labEvents: { type: string }[] }).labEvents.filter(
        (event) => event.type === wanted,
      ).length >= Number(least),
    [type, String(count)] as const,
    { polling: 100 },
  );
}

/** Workers of a page that trains `runs` networks without a GPU: the lab's, and one for each core. */
export async function workersFor(page: Page, runs: number): Promise<number> {
  const cores = Math.min(runs, await page.evaluate(() => navigator.hardwareConcurrency));
  return 1 + (cores < 2 ? 0 : cores);
}

/** Rows that a small network learns in a moment: two columns, of which one is in the thousands. */
export function smallSpec(changes: Readonly<Record<string, unknown>> = {}): object {
  const rows = Array.from({ length: 40 }, (_, i) => [1000 * ((i * 7) % 10), (i % 4) / 4]);
  return {
    name: "small",
    title: "A small network",
    data: {
      source: {
        kind: "inline",
        columns: ["large", "small"],
        rows,
        labels: rows.map(([large]) => (large > 4500 ? "high" : "low")),
      },
      split: { testSize: 0.25 },
    },
    model: {
      layers: [
        { units: 8, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", epochs: 12, batchSize: 8 },
    seeds: { training: 4 },
    ...changes,
  };
}

/** The element's tag with a spec, as a page writes it. */
export function labTag(spec: object | undefined, attributes = 'engine="cpu"', inner = ""): string {
  const json = JSON.stringify(spec)?.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const attribute = json === undefined ? "" : ` spec="${json}"`;
  return `<convergence-lab${attribute} ${attributes}>${inner}</convergence-lab>`;
}
