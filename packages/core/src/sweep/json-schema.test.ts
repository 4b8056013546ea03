import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import schema from "../../../../examples/sweep.schema.json" with { type: "json" };
import { sweptSpec } from "../../test/sweep-of.ts";
import { specJsonSchema } from "../spec/json-schema.ts";
import { sweepJsonSchema, USUAL_PARAMETERS } from "./json-schema.ts";
import { parseSweep } from "./parse-sweep.ts";
import { targetOf } from "./targets.ts";

test("the schema beside the examples is the one that the parser uses", () => {
  expect(schema, "npx tsx packages/core/scripts/write-schema.ts writes it anew").toEqual(
    JSON.parse(JSON.stringify(sweepJsonSchema())),
  );
});

/** zod reads no other file, so that what the spec in a sweep is stands in for itself. */
const accepts = z.fromJSONSchema(
  JSON.parse(
    JSON.stringify(sweepJsonSchema()).replace('{"$ref":"./spec.schema.json"}', () => {
      const { $schema: _, ...spec } = specJsonSchema();
      return JSON.stringify(spec);
    }),
  ),
);

function isAccepted(source: unknown): boolean {
  return accepts.safeParse(source).success;
}

function isParsed(source: unknown): boolean {
  try {
    parseSweep(source);
    return true;
  } catch {
    return false;
  }
}

const sweep = (parts: object) => ({ spec: sweptSpec, method: "grid", ...parts });

test.each([
  { parameters: { lr: [0.1, 0.2] } },
  { parameters: { optimizer: { values: ["adam", "sgd"] }, "train.batchSize": 8 } },
  { parameters: { train: { parameters: { batchSize: { value: 4 } } } } },
  { method: "random", parameters: { lr: { min: 0.1, max: 1 } }, run_cap: 3, seed: 4 },
  { method: "halving", parameters: { lr: { distribution: "normal", mu: 1, sigma: 0.1 } } },
  { program: "train.py", command: ["python"], parameters: { units: [2] }, seeds: { training: 2 } },
  { metric: { name: "Val-Accuracy" }, parameters: { lr: [1] } },
  {
    early_terminate: { type: "hyperband", min_iter: 1, eta: 2 },
    parameters: { a: [1], lr: { values: [1, 2], when: { units: [2] } }, units: [2, 3] },
    zip: [["lr", "units"]],
  },
])("%j is taken as far as its form goes", (parts) => {
  expect(isAccepted(sweep(parts))).toBe(true);
});

test.each([
  { method: "bayes", parameters: { lr: [1] } },
  { methd: "grid", parameters: { lr: [1] } },
  { parameters: { lr: [] } },
  { parameters: { lr: { valeus: [1] } } },
  { parameters: { lr: { distribution: "log", min: 1, max: 2 } } },
  { parameters: { lr: [1] }, run_cap: 0 },
  { parameters: { lr: [1] }, metric: { name: "loss", goal: "min" } },
  { parameters: { lr: [1] }, early_terminate: { type: "median" } },
  { parameters: { lr: [1] }, spec: {} },
])("%j is refused by both", (parts) => {
  expect([isAccepted(sweep(parts)), isParsed(sweep(parts))]).toEqual([false, false]);
});

test("the example is taken, and says where its schema is", () => {
  const text = readFileSync(new URL("../../../../examples/sweep.yaml", import.meta.url), "utf8");
  expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./sweep.schema.json");
  expect(isAccepted(parse(text))).toBe(true);
  expect(isAccepted({ ...parse(text), spec: "spec.yaml" })).toBe(true);
});

test("every parameter that is offered is one, and every property is described", () => {
  for (const name of Object.keys(USUAL_PARAMETERS)) expect(targetOf(name), name).toBeDefined();
  const { properties, $defs } = sweepJsonSchema() as {
    properties: Record<string, { description?: string }>;
    $defs: { parameter: { anyOf: { properties?: Record<string, { description?: string }> }[] } };
  };
  const all = [properties, ...$defs.parameter.anyOf.map((form) => form.properties ?? {})];
  const named = all.flatMap((each) => Object.entries(each));
  expect(named.length).toBeGreaterThan(30);
  const lacking = named.filter(([, { description }]) => !/^[^ ].{9,}\.$/.test(description ?? ""));
  expect(lacking.map(([name]) => name)).toEqual([]);
});
