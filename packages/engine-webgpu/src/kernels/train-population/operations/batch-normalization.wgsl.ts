// Batch normalization: each unit over the batch in training, by its moving statistics in inference.
// A lane takes four units. Its numbers: epsilon, momentum, 1 - momentum.

import { forEachUnit, type StagePhases, type StageSite, unitPhase } from "./stage.ts";

export function batchNormalization(site: StageSite): StagePhases {
  const { input, output, gradient, moment, numbers } = site;
  const [x, y, d] = [input, output, gradient].map((place) => place("unit", "block"));
  const mean = moment("2u * unitBlock");
  const variance = moment("2u * unitBlock + 1u");
  const gamma = site.parameter("gamma", "unitBlock");
  const beta = site.parameter("beta", "unitBlock");
  const dGamma = site.parameterGradient("gamma", "unitBlock");
  const dBeta = site.parameterGradient("beta", "unitBlock");
  const overBatch = (body: string) =>
    `      for (var block = 0u; block < activeBlocks; block++) {\n${body}\n      }`;
  return {
    forward: [
      unitPhase(
        site,
        "normalize",
        "always",
        /* wgsl */ `    var mean = vec4f();
    var variance = vec4f();
    if (at.isTraining) {
${forEachUnit(
  site,
  /* wgsl */ `      var sum = vec4f();
${overBatch(`        sum += select(vec4f(), ${x}, isInBatch(block));`)}
      let center = sumOfFour(sum) / f32(at.rows);
      var squares = vec4f();
${overBatch(
  `        let off = select(vec4f(), ${x} - center, isInBatch(block));
        squares += off * off;`,
)}
      mean[c] = center;
      variance[c] = sumOfFour(squares) / f32(at.rows);`,
)}
      ${mean} = mean;
      ${variance} = variance;
    } else {
      mean = ${site.parameter("movingMean", "unitBlock")};
      variance = ${site.parameter("movingVariance", "unitBlock")};
    }
    let inverse = 1.0 / sqrt(variance + ${numbers}.x);
    let gamma = ${gamma ?? "vec4f(1.0)"};
    let beta = ${beta ?? "vec4f()"};
${forEachUnit(site, overBatch(`        ${y} = gamma[c] * ((${x} - mean[c]) * inverse[c]) + beta[c];`))}`,
      ),
    ],
    // Mean and variance depend on every row, so the gradient loses its part along both.
    backward: [
      unitPhase(
        site,
        "normalizeBack",
        "training",
        /* wgsl */ `    let mean = ${mean};
    let inverse = 1.0 / sqrt(${variance} + ${numbers}.x);
    let gamma = ${gamma ?? "vec4f(1.0)"};
    var sums = vec4f();
    var alongs = vec4f();
${forEachUnit(
  site,
  /* wgsl */ `      var sum = vec4f();
      var along = vec4f();
${overBatch(
  `        let d = select(vec4f(), ${d}, isInBatch(block));
        sum += d;
        along += d * ((${x} - mean[c]) * inverse[c]);`,
)}
      sums[c] = sumOfFour(sum);
      alongs[c] = sumOfFour(along);
${overBatch(
  `        let normalized = (${x} - mean[c]) * inverse[c];
        let d = ${d} - (sums[c] + normalized * alongs[c]) / f32(at.rows);
        ${d} = select(vec4f(), gamma[c] * inverse[c] * d, isInBatch(block));`,
)}`,
)}
${dGamma === null ? "" : `    ${dGamma} = alongs;`}
${dBeta === null ? "" : `    ${dBeta} = sums;`}`,
      ),
    ],
    commit: [
      unitPhase(
        site,
        "commitMoments",
        "training",
        /* wgsl */ `    let numbers = ${numbers};
    ${site.parameter("movingMean", "unitBlock")} = numbers.y * ${site.parameter("movingMean", "unitBlock")} + numbers.z * ${mean};
    ${site.parameter("movingVariance", "unitBlock")} = numbers.y * ${site.parameter("movingVariance", "unitBlock")} + numbers.z * ${variance};`,
      ),
    ],
  };
}
