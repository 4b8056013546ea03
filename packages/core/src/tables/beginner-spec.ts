// The network that a beginner would write for a table: two relu layers, the right head, Adam as it
// comes, the numbers as they stand in the table. What the doctor looks at when nobody brings a network.

import type { SpecInput } from "../spec/spec.ts";
import type { ReadTable } from "./read-table.ts";

/** The share of the rows that is kept back. */
export const TEST_SIZE = 0.2;

export function beginnerSpec(name: string, { table, source, classes }: ReadTable): SpecInput {
  const { layers, loss } = beginnerNetwork(classes.length);
  return {
    version: 1,
    name: fileName(name),
    title: `${source.path.split(/[\\/]/).at(-1)}: why does it not converge?`,
    data: {
      source,
      split: {
        testSize: TEST_SIZE,
        randomState: 42,
        stratify: source.groups === undefined && canStratify(table.rows, classes),
      },
    },
    model: { layers },
    train: { loss, optimizer: "adam", learningRate: 0.001, epochs: 100, batchSize: 32 },
  };
}

export function beginnerNetwork(classes: number) {
  const isBinary = classes === 2;
  const head = isBinary
    ? ({ units: 1, activation: "sigmoid" } as const)
    : ({ units: classes, activation: "softmax" } as const);
  return {
    layers: [
      { units: 64, activation: "relu" } as const,
      { units: 32, activation: "relu" } as const,
      head,
    ],
    loss: isBinary ? ("binaryCrossentropy" as const) : ("sparseCategoricalCrossentropy" as const),
  };
}

/** As scikit-learn's train_test_split asks: two rows of each class, and a test row for each. */
function canStratify(rows: number, classes: ReadTable["classes"]): boolean {
  return (
    classes.every((each) => each.rows >= 2) &&
    Math.ceil(TEST_SIZE * rows) >= classes.length &&
    rows - Math.ceil(TEST_SIZE * rows) >= classes.length
  );
}

/** What a spec may be called: letters, digits and a few signs. */
export function fileName(name: string): string {
  const plain = name.replace(/[^a-z0-9._-]+/gi, "-").replace(/^[^a-z0-9]+|-+$/gi, "");
  return plain === "" ? "table" : plain;
}
