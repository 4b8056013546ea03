import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

type Name = "linear" | "relu" | "tanh" | "sigmoid" | "softmax";
const labels = normalRows(240).map((_, i) => i % 3);
const head = (units: number, activation: Name) => [
  { units: 8, activation: "relu" as const },
  { units, activation },
];

test.each([
  [
    "linear",
    "but the head is linear: outputs below 0 or above 1 are clipped",
    ["fit-head", "from-logits"],
  ],
  ["relu", "but the head ends in relu, whose outputs leave 0 to 1", ["fit-head"]],
  ["tanh", "but the head ends in tanh, whose outputs leave 0 to 1", ["fit-head"]],
] as const)("a %s head under a cross-entropy is an error", (activation, says, ids) => {
  for (const change of [
    { layers: head(1, activation) },
    { labels, layers: head(3, activation), train: { loss: "sparseCategoricalCrossentropy" } },
  ]) {
    const [line] = lintLines("head-activation", change);
    expect(line).toMatch(/^error at model.layers\[1\]: /);
    expect(line).toContain(says);
    expect(afterInterventions("head-activation", change)).toEqual(
      Object.fromEntries(ids.map((id) => [id, []])),
    );
  }
});

test("logits behind a relu have lost every negative one", () => {
  const change = {
    layers: head(1, "relu"),
    train: { loss: { name: "binaryCrossentropy", fromLogits: true } },
  };
  expect(lintLines("head-activation", change)).toEqual([
    "warning at model.layers[1]: The loss reads logits, but the head ends in relu, which cuts off every negative one.",
  ]);
  expect(afterInterventions("head-activation", change)).toEqual({ "fit-head": [] });
});

test.each([
  ["sigmoid outputs for one of three classes", "sigmoid", "categoricalCrossentropy"],
  ["three outputs scored one by one", "sigmoid", "binaryCrossentropy"],
  ["softmax outputs scored one by one", "softmax", "binaryCrossentropy"],
] as const)("%s train, and are a note", (_, activation, loss) => {
  const change = { labels, layers: head(3, activation), train: { loss } };
  expect(lintLines("head-activation", change).map((line) => line.slice(0, 4))).toEqual(["note"]);
  expect(afterInterventions("head-activation", change)).toEqual({ "fit-head": [] });
});

test.each([
  ["sigmoid", 1, "sigmoid", "binaryCrossentropy"],
  ["softmax over two", 2, "softmax", "categoricalCrossentropy"],
  ["linear with hinge", 1, "linear", "hinge"],
] as const)("%s is as it should be", (_, units, activation, loss) => {
  expect(
    lintLines("head-activation", { layers: head(units, activation), train: { loss } }),
  ).toEqual([]);
});
