// clab bench on SwiftShader, as small as it gets, and on the cpu engine; then both side by side.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const driver = { env: { VK_DRIVER_FILES: SWIFTSHADER, VK_ICD_FILENAMES: SWIFTSHADER } };
const required = Boolean(process.env.CI || process.env.REQUIRE_GPU);

const folder = temporaryFolder();
const cpu = join(folder, "cpu.json");

async function benchCpu(): Promise<void> {
  if (existsSync(cpu)) return;
  const args = ["bench", "--engine", "cpu", "--quick", "--only", "20-4-1 x1", "--json", cpu];
  const { code, stdout, stderr } = await clab(args);
  expect(stderr).toContain("1/2  training steps of 20-4-1 x1");
  expect(stdout).toMatch(/cpu-step +20-4-1 +1 +32 /);
  expect(code).toBe(0);
}

test("the cpu engine measures its steps, and two results stand side by side", async () => {
  await benchCpu();
  const html = join(folder, "both.html");
  const { code, stdout } = await clab(["bench", "compare", cpu, cpu, "--export-html", html]);
  expect(stdout).toMatch(/cpu-step +20-4-1 +1 +32 +model-steps\/s .* 1\.0x/);
  expect(readFileSync(html, "utf8")).toContain("Training steps");
  expect(code).toBe(0);
});

test("a file of another version, or of something else, is refused with exit code 3", async () => {
  await benchCpu();
  const newer = join(folder, "newer.json");
  writeFileSync(newer, readFileSync(cpu, "utf8").replace('"version": 1', '"version": 9'));
  for (const [path, message] of [
    [newer, "is a benchmark result of version 9"],
    ["package.json", "is no benchmark result"],
    ["missing.json", "there is no such file"],
  ]) {
    const { code, stdout, stderr } = await clab(["bench", "compare", cpu, path]);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  }
});

test("a filter that nothing passes, and a command that is not there", async () => {
  const nothing = await clab(["bench", "--engine", "cpu", "--only", "gemm"]);
  expect(nothing.stderr).toContain('nothing that is measured has "gemm" in its name');
  expect(nothing.code).toBe(2);
  const mistyped = await clab(["bench", "comapre", cpu]);
  expect(mistyped.stderr).toContain('Did you mean "clab bench compare"?');
  expect(mistyped.code).toBe(2);
});

describe.skipIf(!required && !existsSync(SWIFTSHADER))("on SwiftShader", () => {
  test.each(["node", "chrome"])("the webgpu engine measures in %s", async (runtime) => {
    const json = join(folder, `${runtime}.json`);
    const only = "persistent-step 20-4-1 x1";
    const args = ["bench", "--quick", "--only", only, "--runtime", runtime, "--json", json];
    const { code, stdout, stderr } = await clab(args, driver);
    expect(stdout, stderr).toMatch(/float32 peak +[0-9.]+ GFLOP\/s/);
    expect(stdout).toMatch(/persistent-step +20-4-1 +1 +32 /);
    expect(code).toBe(0);
    const { version, environment, settings, peak, rows } = JSON.parse(readFileSync(json, "utf8"));
    expect(version).toBe(1);
    expect(environment.device).toMatchObject({ isSoftware: true, limits: expect.anything() });
    expect(Object.keys(environment.engine.versions)).toContain(runtime);
    expect(settings).toEqual({ quick: true, only, rounds: 3, seed: 42 });
    expect(peak.perSecond).toBeGreaterThan(0);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: "measured", workgroups: 1, rates: expect.anything() });
  });
});
