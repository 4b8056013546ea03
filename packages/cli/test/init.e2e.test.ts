// clab init: a first spec, with comments. Tests have no terminal, so nothing is asked.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { clab, temporaryFolder } from "./clab.ts";

const folder = temporaryFolder();
const IRIS = ["--data", "test-fixtures/data/iris.csv", "--target", "class"];

test("a table's spec with comments, which runs as it stands and with what is commented out", async () => {
  mkdirSync(join(folder, "specs"));
  const path = join(folder, "specs/iris.yaml");
  const { code, stdout, stderr } = await clab(["init", path, ...IRIS, "--epochs", "2"]);
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
  expect(stderr).toContain(`Written: ${path}. Next: clab diagnose ${path}`);
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(/^# Why does this network fail to converge/);
  expect(text).toMatch(/\n# The layers from inputs to outputs.*\nmodel:\n/);
  expect(parse(text)).toMatchObject({
    data: { source: { target: "class" } },
    train: { epochs: 2 },
  });
  const plain = await clab(["run", path, "--seeds", "2", "--engine", "cpu", "--out", folder]);
  expect(plain.code, plain.stderr).toBe(0);
  // What the comments offer below is a spec too.
  const offered = text.slice(text.indexOf("# seeds:"));
  const uncommented = parse(text.replace(offered, offered.replace(/^# ?(?=[a-z ])/gm, "")));
  expect(uncommented).toMatchObject({
    seeds: { training: 20 },
    variants: { "as-it-is": {}, slower: { train: { learningRate: 0.0001 } } },
    claims: [{ expect: [{ variant: "standardized", than: "as-it-is" }] }],
  });
});

test("a network from a file", async () => {
  const path = join(folder, "m.yaml");
  const args = ["init", path, ...IRIS, "--model", "test-fixtures/models/m.keras", "--yes"];
  const { code, stderr } = await clab(args);
  expect(code, stderr).toBe(0);
  expect(parse(readFileSync(path, "utf8")).model.layers[1]).toEqual({ type: "batchNormalization" });
  const again = await clab(args);
  expect(again).toMatchObject({ code: 2, stdout: "" });
  expect(again.stderr).toContain("exists; name another file, or add --force");
  expect((await clab([...args, "--force"])).code).toBe(0);
});

test.each<[string, string[], number, string]>([
  ["no table", [], 2, "name a table: clab init --data"],
  ["no target", ["--data", "test-fixtures/data/iris.csv"], 3, 'for instance --target "class"'],
])(
  "%s: the option that is missing is named, and nothing is written",
  async (_, args, code, says) => {
    const path = join(folder, "never.yaml");
    const result = await clab(["init", path, ...args]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(says);
    expect(existsSync(path)).toBe(false);
  },
);
