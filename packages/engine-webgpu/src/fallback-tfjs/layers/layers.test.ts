import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { isolation, layerCases, layerErrors } from "../../../test/fallback-tfjs/layer-cases.ts";
import { type StartedBackend, startBackend } from "../backend.ts";

// Sums of up to 140 products in float32, relative to the largest number: 32 roundings.
const TOLERANCE = 32 * 2 ** -24;

describe.each(["cpu", "wasm"] as const)("on tfjs-%s", (name) => {
  let backend: StartedBackend;
  beforeAll(async () => {
    backend = await startBackend({ backend: name });
  });

  test.each(layerCases.map((layerCase) => [layerCase.name, layerCase] as const))(
    "%s",
    async (_name, layerCase) => {
      backend.use();
      const before = memory().numTensors;
      const { shapes, output, dInput, dParameters } = await layerErrors(layerCase);
      const { inputShape, layer } = layerCase;
      expect(shapes).toEqual([
        [3, 4, ...layer.outputShape],
        [3, 4, ...inputShape],
        ...layer.parameters.map(({ shape }) => [3, ...shape]),
      ]);
      expect(output).toBeLessThanOrEqual(TOLERANCE);
      expect(dInput).toBeLessThanOrEqual(TOLERANCE);
      for (const error of dParameters) expect(error).toBeLessThanOrEqual(TOLERANCE);
      expect(memory().numTensors).toBe(before);
    },
  );

  test.each(layerCases.map((layerCase) => [layerCase.name, layerCase] as const))(
    "%s of a diverged network leaves the others alone",
    async (_name, layerCase) => {
      backend.use();
      expect(await isolation(layerCase)).toEqual({
        neighboursKeepTheirBits: true,
        itsGradientsShow: true,
      });
    },
  );
});
