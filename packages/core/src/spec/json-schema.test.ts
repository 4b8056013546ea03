import { expect, test } from "vitest";
import * as z from "zod";
import schema from "../../../../examples/spec.schema.json" with { type: "json" };
import { specJsonSchema } from "./json-schema.ts";
import { parseSpec } from "./parse-spec.ts";

test("the schema beside the examples is the one that the parser uses", () => {
  expect(schema, "npx tsx packages/core/scripts/write-schema.ts writes it anew").toEqual(
    JSON.parse(JSON.stringify(specJsonSchema())),
  );
});

test("editors learn words, ranges and defaults", () => {
  const text = JSON.stringify(specJsonSchema());
  expect(text).toContain('"glorotUniform"');
  expect(text).toContain('"exclusiveMinimum":0');
  expect(text).toContain('"default":32');
});

/** Every property of a schema with its place, through unions, lists and records. */
function propertiesOf(schema: unknown, place = ""): [string, { description?: string }][] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== "properties") return propertiesOf(value, place);
    return Object.entries(value as object).flatMap(([name, property]) => [
      [`${place}.${name}`, property] as [string, object],
      ...propertiesOf(property, `${place}.${name}`),
    ]);
  });
}

test("every property has a description, a sentence that ends with the default", () => {
  const properties = propertiesOf(specJsonSchema());
  expect(properties.length).toBeGreaterThan(150);
  const lacking = properties.filter(
    ([, { description }]) => !/^[^ ].{9,}\.$/.test(description ?? ""),
  );
  expect(lacking.map(([place]) => place)).toEqual([]);
  const texts = new Map(properties.map(([place, { description }]) => [place, description]));
  expect(texts.get(".train.batchSize")).toBe("Rows per optimizer step (batch_size). Default: 32.");
  expect(texts.get(".train.optimizer")).toMatch(/ Default: "adam"\.$/);
});

test("editors take what the parser takes, short forms too", () => {
  const spec = {
    name: "short",
    data: { source: { kind: "inline", rows: [[1], [2]], labels: [0, 1], sampleWeight: [1, 0] } },
    model: {
      layers: [{ units: 2, activation: "relu", kernelInitializer: "heNormal" }, { units: 1 }],
    },
    train: { loss: "hinge", optimizer: "lion", learningRate: 0.1, epochs: 1 },
    probes: "all",
  };
  const accepts = z.fromJSONSchema(specJsonSchema() as z.core.JSONSchema.JSONSchema);
  expect(accepts.safeParse(spec).error).toBeUndefined();
  expect(() => parseSpec(spec)).not.toThrow();
  const wrong = { ...spec, train: { ...spec.train, optimizer: "leon" } };
  expect(accepts.safeParse(wrong).success).toBe(false);
});

test("short forms are offered beside the objects that they stand for", () => {
  const { properties } = specJsonSchema() as { properties: Record<string, Branch> };
  const { loss, optimizer } = properties.train.properties!;
  const [name, ...objects] = optimizer.anyOf!;
  expect(name).toMatchObject({ type: "string", enum: expect.arrayContaining(["adam", "lion"]) });
  expect(objects).toHaveLength(1);
  expect(loss.anyOf![0].enum).toContain("hinge");
  expect(properties.probes.anyOf!.slice(0, 2)).toMatchObject([{ const: "all" }, { type: "array" }]);
});

interface Branch {
  readonly properties?: Record<string, Branch>;
  readonly anyOf?: readonly Branch[];
  readonly enum?: readonly string[];
}
