// --browser-url: a Chrome that somebody else started, reached over its own protocol.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Report } from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromeRunner } from "../src/runners/headless-chrome.ts";
import { clab, startClab, temporaryFolder } from "./clab.ts";

const required = Boolean(process.env.CI || process.env.REQUIRE_GPU);
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const folder = temporaryFolder();

const spec = join(folder, "small.yaml");
writeFileSync(
  spec,
  `name: small
data:
  source:
    kind: numpy
    features: { rand: [50, 3] }
    labels: { randint: { low: 0, high: 2, size: 50 } }
model: { layers: [{ units: 5, activation: relu }, { units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, epochs: 12, batchSize: 16 }
seeds: { training: 4 }
`,
);

interface RunningChrome {
  readonly process: ChildProcess;
  readonly url: string;
}

async function startChrome(): Promise<RunningChrome> {
  const args = [
    ...["--headless", "--remote-debugging-port=0", "--no-sandbox", "--no-first-run"],
    ...["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-webgpu-adapter=swiftshader"],
    `--user-data-dir=${join(temporaryFolder(), "profile")}`,
  ];
  const chrome = spawn(chromeRunner.find()!, args, { stdio: ["ignore", "ignore", "pipe"] });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: chrome.stderr! }).on("line", (line) => {
      const found = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (found) resolve(found[1]);
    });
    chrome.on("close", () => reject(new Error("Chrome ended")));
  });
  return { process: chrome, url: `http://127.0.0.1:${port}` };
}

async function train(...args: string[]): Promise<Report> {
  const out = temporaryFolder();
  const command = ["run", spec, "--engine", "webgpu", "--out", out, ...args];
  const { code, stderr } = await clab(command);
  expect(code, stderr).toBe(0);
  return JSON.parse(readFileSync(join(out, readdirSync(out)[0], "report.json"), "utf8"));
}

describe.skipIf(!required && !existsSync(SWIFTSHADER))("a Chrome that runs already", () => {
  let chrome: RunningChrome;
  beforeAll(async () => {
    chrome = await startChrome();
  });
  afterAll(() => void chrome?.process.kill("SIGKILL"));

  test("trains as one that is started here, in two pages too, and stays open", async () => {
    const started = await train("--runtime", "chrome");
    const remote = await train("--browser-url", chrome.url);
    const pages = await train("--browser-url", chrome.url, "--runtime", "chrome*2");
    expect(remote.variants).toEqual(started.variants);
    expect(pages.variants).toEqual(started.variants);
    expect(remote.engine).toMatchObject({ name: "webgpu", versions: started.engine.versions });
    expect(pages.engine.adapter).toContain("2 hosts");
    expect(chrome.process.exitCode).toBeNull();
  });

  test("that ends in the middle is named, with exit code 4", async () => {
    const other = await startChrome();
    const long = join(folder, "long.yaml");
    writeFileSync(long, readFileSync(spec, "utf8").replace("epochs: 12", "epochs: 100000"));
    const command = [
      "run",
      long,
      "--engine",
      "webgpu",
      "--browser-url",
      other.url,
      "--out",
      folder,
    ];
    const child = startClab(command);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      // Its first line is written when the training begins.
      if (/webgpu engine/.test(stderr)) other.process.kill("SIGKILL");
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toContain(`Chrome at ${new URL(other.url).host}`);
    expect(code).toBe(4);
  });
});

test("an address where no Chrome listens is named, without what else it holds", async () => {
  const url = "http://someone:secret@127.0.0.1:1/?token=secret";
  const command = ["run", spec, "--engine", "webgpu", "--browser-url", url];
  const { code, stdout, stderr } = await clab(command);
  expect(stderr).toContain("Chrome at 127.0.0.1:1 does not answer: ECONNREFUSED");
  expect(stderr).not.toContain("secret");
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
});

test("another runtime, or an address that is none, is a mistake of the command line", async () => {
  const both = ["--browser-url", "http://127.0.0.1:9222", "--runtime", "deno"];
  for (const flags of [both, ["--browser-url", "9222"]]) {
    const { code, stderr } = await clab(["run", spec, "--engine", "webgpu", ...flags]);
    expect(stderr).toContain("--browser-url is");
    expect(code).toBe(2);
  }
});
