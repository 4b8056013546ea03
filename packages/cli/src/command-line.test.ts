import { expect, test } from "vitest";
import { examplesFirst, grouped, withEnvironment } from "./command-line.ts";

test("the examples of a help stand after the sentence that says what the command is for", () => {
  const help =
    "clab run <specs..>\n\nTrain\n\nOptions:\n  --seeds\n  --out\n\nExamples:\n  clab run a.yaml\n  clab run b.yaml";
  expect(examplesFirst(help)).toBe(
    "clab run <specs..>\n\nTrain\n\nExamples:\n  clab run a.yaml\n  clab run b.yaml\n\nOptions:\n  --seeds\n  --out",
  );
});

test("what is no help stays as it is", () => {
  expect(examplesFirst("0.1.0")).toBe("0.1.0");
});

test("a group is a title of every option in it", () => {
  expect(grouped("Output:", { out: { type: "string" } })).toEqual({
    out: { type: "string", group: "Output:" },
  });
});

const OPTIONS = {
  "data-seeds": { type: "number", default: 3 },
  quiet: { type: "boolean", default: false },
  engine: { choices: ["auto", "cpu"], default: "auto" },
  set: { type: "string", array: true },
  queue: { type: "string" },
} as const;

test("the environment gives defaults, of the option's own type, and the help does not show them", () => {
  const env = {
    CLAB_DATA_SEEDS: "12",
    CLAB_QUIET: "1",
    CLAB_ENGINE: "cpu",
    CLAB_SET: "a=1",
    CLAB_QUEUE: "redis://:secret@host",
    CLAB_UNKNOWN: "x",
    DATA_SEEDS: "13",
  };
  expect(withEnvironment(OPTIONS, env)).toMatchObject({
    "data-seeds": { default: 12, defaultDescription: "$CLAB_DATA_SEEDS" },
    quiet: { default: true },
    engine: { default: "cpu" },
    set: { default: ["a=1"] },
    queue: { default: "redis://:secret@host", defaultDescription: "$CLAB_QUEUE" },
  });
  expect(Object.keys(withEnvironment(OPTIONS, env))).toEqual(Object.keys(OPTIONS));
});

test("yes to a flag of another command is no text", () => {
  const table = { json: { type: "string" }, target: { type: "string" } } as const;
  const flags = new Set(["json"]);
  const of = (env: NodeJS.ProcessEnv) => withEnvironment(table, env, flags);
  expect(of({ CLAB_JSON: "1" })).toEqual(table);
  expect(of({ CLAB_JSON: "true", CLAB_TARGET: "1" })).toMatchObject({ target: { default: "1" } });
  expect(of({ CLAB_JSON: "out.json" })).toMatchObject({ json: { default: "out.json" } });
});

test("an empty variable is none", () => {
  expect(withEnvironment(OPTIONS, { CLAB_ENGINE: "", CLAB_DATA_SEEDS: "" })).toEqual(OPTIONS);
});

test.each([
  [{ CLAB_DATA_SEEDS: "many" }, 'CLAB_DATA_SEEDS is "many"; it must be a number.'],
  [{ CLAB_QUIET: "yes" }, 'CLAB_QUIET is "yes"; it must be 1 or 0.'],
  [{ CLAB_ENGINE: "gpu" }, 'CLAB_ENGINE is "gpu"; it must be auto or cpu.'],
])("%j is refused by name", (env, says) => {
  expect(() => withEnvironment(OPTIONS, env)).toThrow(says);
});
