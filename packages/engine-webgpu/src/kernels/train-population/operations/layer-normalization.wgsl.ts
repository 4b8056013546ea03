// Layer normalization: each sample over its units, in training and inference alike. A lane takes
// four samples; the gradients of gamma and beta are sums over them, four units to a lane. Its number:
// epsilon.

import { forEachUnit, type StagePhases, type StageSite, samplePhase, unitPhase } from "./stage.ts";

export function layerNormalization(site: StageSite): StagePhases {
  const { units, input, output, gradient, moment, numbers } = site;
  const [x, y, d] = [input, output, gradient].map((place) => place("unit", "block"));
  const mean = moment("2u * block");
  const inverse = moment("2u * block + 1u");
  const gammaOfUnit = site.parameter("gamma", "unit / 4u");
  const betaOfUnit = site.parameter("beta", "unit / 4u");
  const scaled = (value: string) => (gammaOfUnit ? `${gammaOfUnit}[unit % 4u] * ${value}` : value);
  const dGamma = site.parameterGradient("gamma", "unitBlock");
  const dBeta = site.parameterGradient("beta", "unitBlock");
  const overUnits = (body: string) =>
    `    for (var unit = 0u; unit < ${units}u; unit++) {\n${body}\n    }`;
  const ofParameters = unitPhase(
    site,
    "normalizeParameters",
    "training",
    /* wgsl */ `    var dGamma = vec4f();
    var dBeta = vec4f();
${forEachUnit(
  site,
  /* wgsl */ `      var sum = vec4f();
      var along = vec4f();
      for (var block = 0u; block < activeBlocks; block++) {
        sum += ${d};
        along += ${d} * ((${x} - ${mean}) * ${inverse});
      }
      dGamma[c] = sumOfFour(along);
      dBeta[c] = sumOfFour(sum);`,
)}
${dGamma === null ? "" : `    ${dGamma} = dGamma;`}
${dBeta === null ? "" : `    ${dBeta} = dBeta;`}`,
  );
  return {
    forward: [
      samplePhase(
        site,
        "normalize",
        "always",
        /* wgsl */ `    var sum = vec4f();
${overUnits(`      sum += ${x};`)}
    let mean = sum / ${units}.0;
    var squares = vec4f();
${overUnits(`      let off = ${x} - mean;\n      squares += off * off;`)}
    let inverse = 1.0 / sqrt(squares / ${units}.0 + ${numbers}.x);
    ${mean} = mean;
    ${inverse} = inverse;
${overUnits(`      ${y} = ${scaled(`((${x} - mean) * inverse)`)}${betaOfUnit ? ` + ${betaOfUnit}[unit % 4u]` : ""};`)}`,
      ),
    ],
    backward: [
      ...(dGamma || dBeta ? [ofParameters] : []),
      samplePhase(
        site,
        "normalizeBack",
        "training",
        /* wgsl */ `    let mean = ${mean};
    let inverse = ${inverse};
    var sum = vec4f();
    var along = vec4f();
${overUnits(`      let d = ${scaled(d)};\n      sum += d;\n      along += d * ((${x} - mean) * inverse);`)}
${overUnits(`      let normalized = (${x} - mean) * inverse;\n      ${d} = inverse * (${scaled(d)} - (sum + normalized * along) / ${units}.0);`)}`,
      ),
    ],
  };
}
