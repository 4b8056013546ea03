import { expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../../test/networks.ts";
import { layerGroups } from "./layer-groups.ts";
import { memoryLayout } from "./memory-layout.ts";

function groupsOf(units: number[]): string {
  const network = denseNetwork({ inputs: 8, units });
  return layerGroups(network, memoryLayout({ network, batchSize: 4, features: PLAIN_FEATURES }))
    .map(({ first, count }) => `${first}x${count}`)
    .join(" ");
}

test.each([
  [[1], "0x1"],
  [[4, 1], "0x1 1x1"],
  [[64, 32, 1], "0x1 1x1 2x1"],
  // The first layer reads the inputs, the last one belongs to the loss.
  [[128, 128, 128, 1], "0x1 1x2 3x1"],
  [[8, 8, 8, 8], "0x1 1x2 3x1"],
  [[16, 16, 16, 4, 4, 4, 1], "0x1 1x2 3x1 4x2 6x1"],
])("layers of %j units fall into %s", (units, groups) => {
  expect(groupsOf(units)).toBe(groups);
});

test("the strides lead from each layer to the next", () => {
  const network = denseNetwork({ units: [12, 12, 12, 12, 1] });
  const layout = memoryLayout({ network, batchSize: 7, features: PLAIN_FEATURES });
  const { first, count, parameterStride, valueStride } = layerGroups(network, layout)[1];
  expect(count).toBe(3);
  for (let r = 0; r < count; r++) {
    const { kernel, bias, input, output, gradient } = layout.layers[first + r];
    const { [first]: start } = layout.layers;
    expect([kernel, bias]).toEqual([
      start.kernel + r * parameterStride,
      start.bias! + r * parameterStride,
    ]);
    expect([input, output, gradient]).toEqual(
      [start.input, start.output, start.gradient].map((place) => place + r * valueStride),
    );
    // Backward writes the gradient of the layer before.
    expect(layout.layers[first + r - 1].gradient).toBe(
      layout.layers[first - 1].gradient + r * valueStride,
    );
  }
});
