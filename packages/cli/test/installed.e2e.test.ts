// The packages as a user has them: packed as they would be published, installed by npm from a registry
// that holds nothing else of ours, and run by Deno as one types it. Without the optional package.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { text } from "node:stream/consumers";
import { decodeCurves } from "@convergence-lab/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denoRunner } from "../src/runners/deno.ts";
import { type Result, root, temporaryFolder } from "./clab.ts";
import { listed, packed, packedManifest, type Registry, startRegistry } from "./local-registry.ts";

const PACKAGES = ["core", "engine-webgpu", "cli", "queue", "web"] as const;

const folder = temporaryFolder();
/** What npm has installed into. */
const project = join(folder, "project");
/** Where Deno runs, which has nothing in it. */
const elsewhere = join(folder, "elsewhere");
const tarballs = new Map<string, string>();
let registry: Registry;

beforeAll(async () => {
  for (const name of PACKAGES) tarballs.set(name, await packed(name, folder));
  registry = await startRegistry([...tarballs.values()]);
  mkdirSync(elsewhere);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  const args = ["install", "--no-audit", "--no-fund", "@convergence-lab/cli"];
  const { code, stderr } = await run("npm", args, project);
  expect(code, stderr).toBe(0);
});

afterAll(() => {
  registry.close();
  // Most of a gigabyte.
  rmSync(folder, { recursive: true });
});

async function run(program: string, args: readonly string[], cwd: string): Promise<Result> {
  const { FORCE_COLOR: _, CI: __, ...rest } = process.env;
  const env = {
    ...rest,
    npm_config_registry: registry.url,
    NPM_CONFIG_REGISTRY: registry.url,
    npm_config_cache: join(folder, "npm-cache"),
    DENO_DIR: join(folder, "deno"),
  };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on("close", done)),
  ]);
  return { code, stdout, stderr };
}

const inNode = (...args: string[]) => run(join(project, "node_modules/.bin/clab"), args, project);
const typedInDeno = (...args: string[]) => run(denoRunner.find()!, args, elsewhere);
const inDeno = (...args: string[]) =>
  typedInDeno("run", "-A", "--quiet", "npm:@convergence-lab/cli", ...args);

describe.each(PACKAGES)("the package %s", (name) => {
  test("has every file that it names, its license, and none that is only for us", async () => {
    const files = await listed(tarballs.get(name)!);
    const manifest = await packedManifest(tarballs.get(name)!);
    const {
      exports = {},
      bin = {},
      customElements,
    } = manifest as {
      exports?: object;
      bin?: object;
      customElements?: string;
    };
    const named = [...pathsIn(exports), ...pathsIn(bin), ...pathsIn(customElements ?? [])];
    for (const path of named.filter((each) => !each.includes("/src/"))) {
      expect(files, `${name} ${path}`).toContain(posix.normalize(path));
    }
    expect(files).toContain("LICENSE");
    expect(files.filter((file) => /\.test\.|^src\/|^test\/|tsbuildinfo/.test(file))).toEqual([]);
  });

  test("asks for versions that a registry knows", async () => {
    const {
      dependencies = {},
      peerDependencies = {},
      ...manifest
    } = await packedManifest(tarballs.get(name)!);
    for (const [other, version] of Object.entries({ ...dependencies, ...peerDependencies })) {
      expect(version, other).toMatch(/^[\^~>=]*\d+\.\d+\.\d+/);
    }
    expect(basename(manifest.name)).toBe(name);
  });
});

/** Every path of an object of paths. */
function pathsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

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
    const { version: packed } = await packedManifest(tarballs.get("cli")!);
    expect(version.stdout).toBe(`${packed}\n`);
  });

  test("the cpu engine trains a spec into a folder", async () => {
    const out = join(folder, name);
    const args = ["run", spec, "--engine", "cpu", "--seeds", "3", "--out", out, "--json"];
    const { code, stdout, stderr } = await clab(...args);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.engine).toMatchObject({
      name: "cpu",
      reason: "It was asked for with --engine cpu.",
    });
    expect(Object.keys(report.engine.versions)).toEqual([name.toLowerCase()]);
    const [run] = readdirSync(out);
    expect(readdirSync(join(out, run))).toContain("report.html");
  });

  test("a page of `explain` and the checks are there", async () => {
    const page = await clab("explain", "unscaled-features");
    expect(page.code, page.stderr).toBe(0);
    expect(JSON.parse((await clab("list-checks", "--json")).stdout).length).toBeGreaterThan(20);
  });

  test("a queue says which package it needs", async () => {
    const { code, stdout, stderr } = await clab("status", "--queue", "redis://127.0.0.1:1");
    expect(stderr).toContain(
      name === "Deno" ? "deno add npm:@convergence-lab/cli" : "npm install @convergence-lab/queue",
    );
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
      const out = join(folder, `same-${i}`);
      const args = ["run", spec, "--engine", "cpu", "--seeds", "4", "--out", out];
      const { code, stderr } = await clab(...args);
      expect(code, stderr).toBe(0);
      const curves = join(out, readdirSync(out)[0], "curves");
      const files = readdirSync(curves).map((file) => readFileSync(join(curves, file)));
      return new Map(files.flatMap((file) => [...decodeCurves(file)]));
    }),
  );
  expect(curves[0].size).toBe(8);
  expect(curves[1]).toEqual(curves[0]);
});

test("in Deno the queue is there where both packages were added", async () => {
  writeFileSync(join(elsewhere, "deno.json"), "{}\n");
  const packages = ["npm:@convergence-lab/cli", "npm:@convergence-lab/queue"];
  const added = await typedInDeno("add", "--quiet", ...packages);
  expect(added.code, added.stderr).toBe(0);
  const { code, stderr } = await inDeno("status", "--queue", "redis://127.0.0.1:1");
  expect(stderr).toContain("the queue at redis://127.0.0.1:1 does not answer");
  expect(code).toBe(3);
  rmSync(join(elsewhere, "deno.json"));
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
