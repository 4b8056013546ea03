import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clab, root, temporaryFolder } from "./clab.ts";

const STEPS = "test-fixtures/reference/training-steps.json";

test.each(["float32", "float64"])("the cpu engine meets every case in %s", async (precision) => {
  const { code, stdout, stderr } = await clab(["verify", STEPS, "--precision", precision]);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain("act-linear");
});

test("every word of a spec is met on the cpu engine in float64", async () => {
  const wide = "test-fixtures/reference/training-steps-wide.json";
  const { code, stdout, stderr } = await clab(["verify", wide, "--precision", "float64"]);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain("79 of 79 cases within tolerance");
});

test("the tfjs engine meets every case", async () => {
  const { code, stdout, stderr } = await clab(["verify", STEPS, "--engine", "tfjs"]);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain("31 of 31 cases within tolerance on the tfjs engine");
});

test("weighted rows are met by tfjs as well", async () => {
  const weighted = "test-fixtures/reference/training-steps-weighted.json";
  const { code, stdout } = await clab(["verify", weighted, "--engine", "tfjs"]);
  expect(stdout).toContain("3 of 3 cases within tolerance on the tfjs engine");
  expect(code).toBe(0);
});

test("a recording that an engine cannot have made is out of tolerance: exit code 1", async () => {
  const recording = JSON.parse(readFileSync(join(root, STEPS), "utf8"));
  recording.cases = recording.cases.slice(0, 2);
  recording.cases[1].steps[0].logits[0] += 0.001;
  const path = join(temporaryFolder(), "steps.json");
  writeFileSync(path, JSON.stringify(recording));
  const { code, stdout } = await clab(["verify", path, "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout).cases.map((each: { passed: boolean }) => each.passed)).toEqual([
    true,
    false,
  ]);
  const table = (await clab(["verify", path])).stdout;
  expect(table).toMatch(/act-relu .* times {2}logits\[0\] of step 1 {2}OUT OF TOLERANCE/);
  expect(table).toMatch(/act-relu: logits of step 1, 1 of 21 out of tolerance/);
  expect(table).toMatch(/\n {2}actual .*\n +xx\n {2}expected .*\n {2}tolerance /);
});

test.each([
  ["no list of cases", "package.json", 2, "holds no list `cases`"],
  ["no JSON", "LICENSE", 3, "not valid JSON"],
])("a file with %s is refused", async (_name, path, exitCode, message) => {
  const { code, stdout, stderr } = await clab(["verify", path]);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
});
