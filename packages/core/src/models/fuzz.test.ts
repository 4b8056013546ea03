// Files that nobody meant: whatever bytes come, a reader gives a network or a ModelError that names
// the file. The seed is fixed; what once went wrong stands below by itself.

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { modelFixture } from "../../test/keras-file.ts";
import { ModelError } from "./errors.ts";
import { type ReadModelOptions, readModel } from "./read-model.ts";

const RUNS = { numRuns: 150, seed: 5 };

/** Reads, and fails the test on anything but a network or an error that names the file. */
function mustAnswer(bytes: Uint8Array, options?: ReadModelOptions): void {
  try {
    expect(readModel("f.bin", bytes, options).model.layers.length).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    expect(error.message).toContain("f.bin");
  }
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("what once went wrong", () => {
  test.each<[string, readonly string[], unknown]>([
    ["Functional", ["config", "layers", "1", "inbound_nodes"], [null]],
    ["get_params()", ["activation"], { toString: 1 }],
    [
      "to_json()",
      ["config", "layers", "1", "config", "kernel_initializer"],
      { class_name: "VarianceScaling", config: { mode: { toString: 1 } } },
    ],
  ])("%s, %j", (name, path, by) => {
    mustAnswer(json(replaced(SOURCES[name], path, by)));
  });

  test("JSON that is nested deeper than any model", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const units = `{"class_name":"Dense","config":{"units":${deep}}}`;
    const text = `{"class_name":"Sequential","config":{"layers":[${units}]}}`;
    expect(() => readModel("f.bin", new TextEncoder().encode(text))).toThrow(
      "cannot read f.bin: its JSON is nested more than 200 levels deep",
    );
  });

  test("names in a damaged HDF5 are not printed", () => {
    const printed = vi.spyOn(console, "warn").mockImplementation(() => {});
    const damaged = modelFixture("m.h5").slice();
    // A root attribute is of a type that the reader does not know, and would print.
    damaged[834] = 0x1f;
    mustAnswer(damaged);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });
});

test("any bytes, also behind the first bytes of an archive or of HDF5", () => {
  const magic = fc.constantFrom("", "PK\u0003\u0004", "\u0089HDF\r\n\u001a\n", "{", "[1,");
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
      mustAnswer(Uint8Array.of(...[...head].map((c) => c.charCodeAt(0)), ...tail));
    }),
    RUNS,
  );
});

describe.each(["m.keras", "m.h5", "m.weights.h5", "m.json"])("%s", (name) => {
  const original = modelFixture(name);

  test("cut off anywhere", () => {
    fc.assert(
      fc.property(fc.nat(original.length - 1), (length) => {
        mustAnswer(original.subarray(0, length));
      }),
      RUNS,
    );
  });

  test("with bytes that are others", () => {
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = original.slice();
        for (const [place, value] of changes) bytes[place] = value;
        mustAnswer(bytes);
      }),
      RUNS,
    );
  });
});

/** Every path of a value that leads to something which can be replaced. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return path.length === 0 ? inner : [[...path], ...inner];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const changed = (item: unknown, name: string) => (name === key ? replaced(item, rest, by) : item);
  if (Array.isArray(value)) return value.map((item, i) => changed(item, String(i)));
  const entries = Object.entries(value as object).map(([k, item]) => [k, changed(item, k)]);
  return Object.fromEntries(entries);
}

const SOURCES: Record<string, unknown> = {
  "to_json()": {
    ...JSON.parse(new TextDecoder().decode(modelFixture("m.json"))),
    compile_config: {
      optimizer: {
        class_name: "Adam",
        config: {
          learning_rate: {
            class_name: "CosineDecay",
            config: { initial_learning_rate: 0.1, decay_steps: 10, alpha: 0 },
          },
          clipnorm: 1,
          beta_1: 0.9,
        },
      },
      loss: { class_name: "CategoricalCrossentropy", config: { from_logits: true } },
      metrics: ["accuracy", { class_name: "AUC", config: {} }],
    },
  },
  Functional: {
    class_name: "Functional",
    config: {
      name: "f",
      layers: [
        {
          class_name: "InputLayer",
          config: { name: "i", batch_shape: [null, 4] },
          inbound_nodes: [],
        },
        {
          class_name: "Dense",
          config: { name: "a", units: 4 },
          inbound_nodes: [[["i", 0, 0, {}]]],
        },
        {
          class_name: "Dense",
          config: { name: "b", units: 4 },
          inbound_nodes: [[["a", 0, 0, {}]]],
        },
        {
          class_name: "Add",
          config: { name: "c" },
          inbound_nodes: [
            [
              ["b", 0, 0, {}],
              ["a", 0, 0, {}],
            ],
          ],
        },
        {
          class_name: "Dense",
          config: { name: "d", units: 3 },
          inbound_nodes: [[["c", 0, 0, {}]]],
        },
      ],
    },
  },
  "model.json": {
    format: "layers-model",
    modelTopology: {
      class_name: "Sequential",
      config: {
        name: "s",
        layers: [
          { class_name: "Dense", config: { name: "d", units: 1, batch_input_shape: [null, 4] } },
        ],
      },
    },
    trainingConfig: { loss: "hinge", optimizer_config: { class_name: "SGD", config: { lr: 1 } } },
    weightsManifest: [
      {
        paths: ["w.bin"],
        weights: [
          { name: "d/kernel", shape: [4, 1], dtype: "float32" },
          {
            name: "d/bias",
            shape: [1],
            dtype: "float32",
            quantization: { scale: 1, min: 0, dtype: "uint8" },
          },
        ],
      },
    ],
  },
  "get_params()": { hidden_layer_sizes: [4], activation: "relu", solver: "sgd", alpha: 0.1 },
};

describe.each(Object.entries(SOURCES))("%s with anything in any place", (_, source) => {
  const paths = pathsOf(source);

  test("gives a network or says what is wrong", () => {
    const sibling = () => new Uint8Array(17);
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(-1, 0, 1e300, "__proto__"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, by) => {
        mustAnswer(json(replaced(source, path, by)), { sibling });
      }),
      { ...RUNS, numRuns: 400 },
    );
  });

  test("as it stands it is a network", () => {
    expect(readModel("f.bin", json(source), { sibling: () => new Uint8Array(17) })).toBeDefined();
  });
});
