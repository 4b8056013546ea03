// An operation of the plan as a stage.

import type { Operation, ParameterTensor } from "../../../compile/plan.ts";
import type { Block } from "../block.ts";
import type { Parameter } from "../parameters.ts";
import type { Site, Stage } from "../stage.ts";
import { activationStage } from "./activation.ts";
import { add } from "./add.ts";
import { batchNormalization } from "./batch-normalization.ts";
import { alphaDropout, dropout } from "./dropout.ts";
import { gaussianNoise } from "./gaussian-noise.ts";
import { layerNormalization } from "./layer-normalization.ts";

/** Null where there is nothing to do. */
export function operationStage(
  operation: Operation,
  site: Site,
  parameter: (kind: ParameterTensor["kind"]) => Parameter | null,
  blocks: readonly Block[],
): Stage | null {
  switch (operation.kind) {
    case "activation":
      return activationStage(operation.activation, site, parameter("alpha"));
    case "dropout":
      return dropout(site);
    case "alphaDropout":
      return alphaDropout(site);
    case "gaussianNoise":
      return gaussianNoise(site);
    case "batchNormalization":
      return batchNormalization(site, {
        gamma: parameter("gamma"),
        beta: parameter("beta"),
        movingMean: parameter("movingMean")!,
        movingVariance: parameter("movingVariance")!,
      });
    case "layerNormalization":
      return layerNormalization(site, parameter("gamma"), parameter("beta"));
    case "add": {
      const { output, addedGradient } = blocks[operation.from];
      return add(site, output, addedGradient);
    }
  }
}
