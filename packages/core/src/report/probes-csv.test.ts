import { expect, test } from "vitest";
import { runOf } from "../../test/trace-of.ts";
import { probesCsv } from "./probes-csv.ts";

test("one number per line, and a variant's name is no formula", () => {
  const run = {
    ...runOf("=wide", 3, 0, { loss: [0.1, Number.NaN] }),
    probes: {
      asked: ["gradientNorm", "valConfusion", "firstNonFinite"] as const,
      everySteps: 5,
      layers: [{ gradientNorm: Float32Array.of(1, 0.3) }, { gradientNorm: Float32Array.of(2, 3) }],
      confusions: [
        { signal: "valConfusion", epoch: 1, classes: 2, counts: Uint32Array.of(1, 2, 3, 4) },
      ] as const,
      firstNonFinite: { step: 7, tensor: "gradients", layer: 1 } as const,
    },
  };
  expect(probesCsv({ runs: [run] }).split("\r\n")).toEqual([
    "variant,trainingSeed,dataSeed,signal,layer,step,epoch,trueClass,predictedClass,value",
    "'=wide,3,0,loss,,,1,,,0.1",
    "'=wide,3,0,loss,,,2,,,NaN",
    "'=wide,3,0,gradientNorm,0,0,,,,1",
    "'=wide,3,0,gradientNorm,0,5,,,,0.3",
    "'=wide,3,0,gradientNorm,1,0,,,,2",
    "'=wide,3,0,gradientNorm,1,5,,,,3",
    "'=wide,3,0,gradientRatio,0,0,,,,0.5",
    "'=wide,3,0,gradientRatio,0,5,,,,0.1",
    "'=wide,3,0,gradientRatio,1,0,,,,1",
    "'=wide,3,0,gradientRatio,1,5,,,,1",
    "'=wide,3,0,valConfusion,,,2,0,0,1",
    "'=wide,3,0,valConfusion,,,2,0,1,2",
    "'=wide,3,0,valConfusion,,,2,1,0,3",
    "'=wide,3,0,valConfusion,,,2,1,1,4",
    "'=wide,3,0,firstNonFinite,1,7,,,,gradients",
    "",
  ]);
});

test("a run that nobody probed has its metrics", () => {
  const csv = probesCsv({ runs: [runOf("a", 0, 0, { loss: [1], valAccuracy: [0.5] })] });
  expect(csv.split("\r\n").slice(1)).toEqual([
    "a,0,0,loss,,,1,,,1",
    "a,0,0,valAccuracy,,,1,,,0.5",
    "",
  ]);
});
