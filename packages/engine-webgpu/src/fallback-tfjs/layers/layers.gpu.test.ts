import { beforeAll, describe, expect, test } from "vitest";
import { attachDawn } from "../../../test/fallback-tfjs/attach-dawn.ts";
import { isolation, layerCases, layerErrors } from "../../../test/fallback-tfjs/layer-cases.ts";
import { startBackend } from "../backend.ts";

const hasAdapter = await attachDawn();

// As in layers.test.ts, and what WGSL allows: exp may be off by 3 + 2 |x| units in the last place.
const TOLERANCE = 64 * 2 ** -24;

describe.skipIf(!hasAdapter)("on tfjs-webgpu", () => {
  beforeAll(async () => {
    await startBackend({ backend: "webgpu" });
  });

  test.each(layerCases.map((layerCase) => [layerCase.name, layerCase] as const))(
    "%s",
    async (_name, layerCase) => {
      const { output, dInput, dParameters } = await layerErrors(layerCase);
      expect(output).toBeLessThanOrEqual(TOLERANCE);
      expect(dInput).toBeLessThanOrEqual(TOLERANCE);
      for (const error of dParameters) expect(error).toBeLessThanOrEqual(TOLERANCE);
      expect(await isolation(layerCase)).toEqual({
        neighboursKeepTheirBits: true,
        itsGradientsShow: true,
      });
    },
  );
});
