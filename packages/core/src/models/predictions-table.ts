// The answers of a trained network: one line per row of the data, training part first.

import type { Hyper, Network } from "../compile/plan.ts";
import type { Dataset, Part } from "../dataset/dataset.ts";
import { predictedClass } from "../engine/reference/accuracy.ts";
import { predict } from "../engine/reference/predict.ts";
import type { ExportColumn, ExportTable } from "../shared/export-table.ts";

/** @param parameters Flat, in the order of the network's layout. */
export function predictionsTable(
  { train, test, classes }: Dataset,
  network: { readonly network: Network; readonly hyper: Hyper },
  parameters: Float32Array,
): ExportTable {
  const units = network.network.layers.at(-1)!.units;
  const named = (index: number) => classes[index] ?? `class ${index}`;
  const parts: [name: string, part: Part, outputs: Float32Array][] = [
    ["train", train, predict(network, parameters, train.x)],
    ["test", test, predict(network, parameters, test.x)],
  ];
  const each = <T>(value: (name: string, row: number, part: Part, outputs: Float32Array) => T) =>
    parts.flatMap(([name, part, outputs]) =>
      Array.from({ length: part.rows }, (_, row) => value(name, row, part, outputs)),
    );
  const outputs = Array.from({ length: units }, (_, unit): ExportColumn => {
    // One output is that of class 1.
    const name = `output ${units === 1 ? named(1) : named(unit)}`;
    return { name, kind: "number", values: each((_p, row, _q, all) => all[row * units + unit]) };
  });
  return {
    columns: [
      { name: "part", kind: "text", values: each((name) => name) },
      { name: "row", kind: "integer", values: each((_, row) => row) },
      { name: "label", kind: "text", values: each((_p, row, { y }) => named(y[row])) },
      {
        name: "predicted",
        kind: "text",
        values: each((_p, row, _q, all) => named(predictedClass(all, row * units, units))),
      },
      ...outputs,
    ],
  };
}
