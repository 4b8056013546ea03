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
});

test.each([
  ["no list of cases", "package.json", 2, "holds no list `cases`"],
  ["no JSON", "LICENSE", 3, "not valid JSON"],
])("a file with %s is refused", async (_name, path, exitCode, message) => {
  const { code, stdout, stderr } = await clab(["verify", path]);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
});
