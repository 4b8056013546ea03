// Real WGSL in all three runtimes, through the built command line.
//
// Where a driver is missing the tests are skipped, visibly; with CI or REQUIRE_GPU set they run and
// fail instead.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCurves, type Report } from "@convergence-lab/core";
import recordings from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import wideRecordings from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

const required = Boolean(process.env.CI || process.env.REQUIRE_GPU);
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LAVAPIPE = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
const RUNTIMES = ["node", "deno", "chrome"] as const;

function withDriver(manifest: string) {
  return { env: { VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest } };
}

const spec = join(temporaryFolder(), "small.yaml");
writeFileSync(
  spec,
  `name: small
data:
  source:
    kind: numpy
    features: { rand: [50, 3] }
    labels: { randint: { low: 0, high: 2, size: 50 } }
  split: { testSize: 0.2 }
model: { layers: [{ units: 5, activation: relu }, { units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, epochs: 12, batchSize: 16 }
seeds: { training: 4 }
variants: { calm: {}, wild: { train: { learningRate: 0.5 } } }
`,
);

/**
 * Every word of the recorded steps in as few networks as hold them: each is a kernel, which SwiftShader
 * compiles for two or three seconds. All of them in all versions: engine-webgpu's replay.gpu.test.ts.
 */
const steps = join(temporaryFolder(), "steps.json");
writeFileSync(
  steps,
  JSON.stringify({
    cases: [
      ...recordings.cases.filter(({ name }) =>
        /^(opt-[2467]-|loss-(hinge|meanS)|reg-l1l2|shape-primes|no-hidden|article)/.test(name),
      ),
      ...wideRecordings.cases.filter(({ name }) => name.startsWith("activations-")),
    ],
  }),
);

interface Trained {
  readonly curves: Map<string, unknown>;
  readonly report: Report;
}

async function train(manifest: string, ...args: string[]): Promise<Trained> {
  const out = temporaryFolder();
  const command = ["run", spec, "--out", out, ...args];
  const { code, stderr } = await clab(command, withDriver(manifest));
  expect(code, stderr).toBe(0);
  const folder = join(out, readdirSync(out)[0]);
  const chunks = readdirSync(join(folder, "curves")).map((name) => join(folder, "curves", name));
  return {
    curves: new Map(chunks.flatMap((chunk) => [...decodeCurves(readFileSync(chunk))])),
    report: JSON.parse(readFileSync(join(folder, "report.json"), "utf8")),
  };
}

describe.skipIf(!required && !existsSync(SWIFTSHADER))("on SwiftShader", () => {
  test("node, deno and chrome, alone and together, train the same networks bit for bit", async () => {
    const trained = new Map<string, Trained>();
    const dispatches = join(temporaryFolder(), "dispatches.txt");
    for (const runtime of RUNTIMES) {
      const args = ["--engine", "webgpu", "--runtime", runtime, "--trace-dispatches", dispatches];
      trained.set(runtime, await train(SWIFTSHADER, ...args));
      const lines = readFileSync(dispatches, "utf8").trimEnd().split("\n");
      expect(lines.length, runtime).toBeGreaterThan(1);
      for (const line of lines) expect(line).toMatch(/: \d+ networks? x \d+ batch(es)?: \w+ in /);
    }
    trained.set(
      "several",
      await train(SWIFTSHADER, "--engine", "webgpu", "--runtime", "node*2,deno"),
    );
    const { curves, report } = trained.get("node")!;
    expect(curves.size).toBe(8);
    expect(report.engine.name).toBe("webgpu");
    for (const runtime of RUNTIMES) {
      const other = trained.get(runtime)!;
      expect(other.curves, runtime).toEqual(curves);
      expect(Object.keys(other.report.engine.versions)).toContain(runtime);
    }
    const several = trained.get("several")!;
    expect(several.curves).toEqual(curves);
    expect(several.report.engine.adapter).toContain("3 hosts");
    expect(Object.keys(several.report.engine.versions).toSorted()).toEqual([
      "deno",
      "node",
      "webgpu",
    ]);
  });

  test("a sweep over several hosts has the lines of one", async () => {
    const lines = async (runtime: string): Promise<string[]> => {
      const out = temporaryFolder();
      const varied = ["--set", "train.learningRate=0.01,0.1,0.5", "--chunk", "4"];
      const hosts = ["--variant", "calm", "--engine", "webgpu", "--runtime", runtime, "--out", out];
      const command = ["sweep", spec, ...varied, ...hosts];
      const { code, stderr } = await clab(command, withDriver(SWIFTSHADER));
      expect(code, stderr).toBe(0);
      const file = join(out, readdirSync(out)[0], "trials.jsonl");
      return readFileSync(file, "utf8").trimEnd().split("\n").toSorted();
    };
    const alone = await lines("node");
    expect(alone).toHaveLength(3);
    expect(await lines("node*2")).toEqual(alone);
  });

  test("auto leaves a software adapter for the cpu, and says so", async () => {
    const { report } = await train(SWIFTSHADER);
    expect(report.engine.name).toBe("cpu");
    expect(report.engine.reason).toContain("SwiftShader");
    expect(report.engine.reason).toContain("a software one");
  });

  test.each(RUNTIMES)("verify meets the recorded steps on webgpu in %s", async (runtime) => {
    const args = ["verify", steps, "--engine", "webgpu", "--runtime", runtime];
    const { code, stdout, stderr } = await clab(args, withDriver(SWIFTSHADER));
    expect(code, stdout + stderr).toBe(0);
  });

  test("doctor shows all three runtimes with an adapter that passed", async () => {
    const { code, stdout } = await clab(["doctor", "--json"], withDriver(SWIFTSHADER));
    expect(code).toBe(0);
    const { runtimes } = JSON.parse(stdout);
    expect(runtimes.map((each: { runtime: string }) => each.runtime)).toEqual([...RUNTIMES]);
    for (const { adapters } of runtimes) {
      expect(adapters).toMatchObject([{ isSoftware: true, selfCheck: { passed: true } }]);
    }
  });
});

describe.skipIf(!required && !existsSync(LAVAPIPE))("Mesa lavapipe in Deno", () => {
  test("is refused by the self-check, by name", async () => {
    // Without the driver Deno takes Mesa's OpenGL, which has the same name and the same flaw.
    expect(existsSync(LAVAPIPE)).toBe(true);
    const args = ["run", spec, "--engine", "webgpu", "--runtime", "deno", "--out"];
    const { code, stderr } = await clab([...args, temporaryFolder()], withDriver(LAVAPIPE));
    expect(stderr).toContain("llvmpipe");
    expect(stderr).toContain("computes wrong numbers");
    expect(code).toBe(4);
  });
});

describe("without an adapter", () => {
  const nothing = withDriver("/nonexistent.json");

  test.skipIf(process.platform !== "linux")("--engine webgpu says what to install", async () => {
    const { code, stdout, stderr } = await clab(["run", spec, "--engine", "webgpu"], nothing);
    expect(stderr).toContain("There is no WebGPU adapter in Node.");
    expect(stderr).toContain("apt-get install chromium libvulkan1");
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  });

  test.skipIf(process.platform !== "linux")("auto trains on the cpu", async () => {
    const { report } = await train("/nonexistent.json");
    expect(report.engine).toMatchObject({
      name: "cpu",
      reason: "There is no WebGPU adapter in Node.",
    });
  });

  test.each([
    ["deno", "DENO"],
    ["chrome", "CHROME_PATH"],
  ])("a %s that does not start is named", async (runtime, variable) => {
    const args = ["run", spec, "--engine", "webgpu", "--runtime", runtime];
    const { code, stderr } = await clab(args, { env: { [variable]: "/nonexistent/program" } });
    expect(stderr).toContain("/nonexistent/program could not be started");
    expect(code).toBe(4);
  });
});
