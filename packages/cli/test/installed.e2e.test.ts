// The packages as a user has them: what `files` names and nothing else, in a node_modules of their
// own, without the optional package, in Node and in Deno.

import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { decodeCurves } from "@convergence-lab/core";
import { beforeAll, describe, expect, test } from "vitest";
import { denoRunner } from "../src/runners/deno.ts";
import { type Result, root, temporaryFolder } from "./clab.ts";

const project = temporaryFolder();
const modules = join(project, "node_modules");
const bin = join(modules, "@convergence-lab/cli/dist/bin.js");

beforeAll(() => {
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  for (const name of ["core", "engine-webgpu", "cli"]) install(name);
});

/** Copies a package of this repository, and links what it needs from elsewhere. */
function install(name: string): void {
  const from = join(root, "packages", name);
  const to = join(modules, "@convergence-lab", name);
  const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  for (const part of ["package.json", ...manifest.files]) {
    cpSync(join(from, part), join(to, part), { recursive: true });
  }
  const others = Object.keys(manifest.dependencies ?? {});
  for (const other of others.filter((each) => !each.startsWith("@convergence-lab/"))) {
    const place = join(modules, other);
    if (existsSync(place)) continue;
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(from, "node_modules", other), place);
  }
}

async function run(program: string, args: readonly string[]): Promise<Result> {
  const { FORCE_COLOR: _, CI: __, ...env } = process.env;
  const child = spawn(program, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on("close", done)),
  ]);
  return { code, stdout, stderr };
}

const inNode = (...args: string[]) => run(process.execPath, [bin, ...args]);
const inDeno = (...args: string[]) => run(denoRunner.find()!, ["run", "-A", bin, ...args]);

const spec = join(root, "examples/article-1.yaml");

describe.each([
  ["Node", inNode],
  ["Deno", inDeno],
])("in %s", (name, clab) => {
  test("help and version answer", async () => {
    const help = await clab("run", "--help");
    expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: "" });
    expect(help.stdout).toContain(`[default: ${name.toLowerCase()}]`);
    const version = await clab("--version");
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("the cpu engine trains a spec into a folder", async () => {
    const args = ["run", spec, "--engine", "cpu", "--seeds", "3", "--out", name, "--json"];
    const { code, stdout, stderr } = await clab(...args);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.engine).toMatchObject({
      name: "cpu",
      reason: "It was asked for with --engine cpu.",
    });
    expect(Object.keys(report.engine.versions)).toEqual([name.toLowerCase()]);
    const [folder] = readdirSync(join(project, name));
    expect(readdirSync(join(project, name, folder))).toContain("report.html");
  });

  test("a page of `explain` and the checks are there", async () => {
    const page = await clab("explain", "unscaled-features");
    expect(page.code, page.stderr).toBe(0);
    expect(JSON.parse((await clab("list-checks", "--json")).stdout).length).toBeGreaterThan(20);
  });

  test("a queue says which package it needs", async () => {
    const { code, stdout, stderr } = await clab("status", "--queue", "redis://127.0.0.1:1");
    expect(stderr).toContain("npm install @convergence-lab/queue");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("mistakes have their exit codes", async () => {
    expect((await clab("rum")).code).toBe(2);
    expect((await clab("run", "absent.yaml")).code).toBe(3);
  });
});

test("both train the same networks bit for bit", async () => {
  const curves = await Promise.all(
    [inNode, inDeno].map(async (clab, i) => {
      const out = join(project, `same-${i}`);
      const args = ["run", spec, "--engine", "cpu", "--seeds", "4", "--out", out];
      const { code, stderr } = await clab(...args);
      expect(code, stderr).toBe(0);
      const folder = join(out, readdirSync(out)[0], "curves");
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
      return new Map(files.flatMap((file) => [...decodeCurves(file)]));
    }),
  );
  expect(curves[0].size).toBe(8);
  expect(curves[1]).toEqual(curves[0]);
});

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const required = Boolean(process.env.CI || process.env.REQUIRE_GPU);

test.skipIf(!required && !existsSync(SWIFTSHADER))(
  "in Deno the default runtime is Deno, and Node and Chrome are there as well",
  async () => {
    const { code, stdout, stderr } = await inDeno("doctor", "--json");
    expect(code, stderr).toBe(0);
    const { runtimes } = JSON.parse(stdout);
    for (const { runtime, problems, adapters } of runtimes) {
      expect(adapters, `${runtime}: ${problems}`).not.toEqual([]);
    }
    const args = ["run", spec, "--engine", "webgpu", "--seeds", "2", "--out", "webgpu", "--json"];
    const trained = await inDeno(...args);
    expect(trained.code, trained.stderr).toBe(0);
    const { engine } = JSON.parse(trained.stdout);
    expect(Object.keys(engine.versions)).toEqual(["deno"]);
  },
);
