// clab run of a network that only the tfjs engine computes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

test("a small convolution trains on 8 x 8 images, on tfjs and with the reason for it", async () => {
  const out = temporaryFolder();
  const { code, stderr } = await clab(["run", convolution(), "--out", out]);
  expect(code, stderr).toBe(0);
  const [folder] = readdirSync(out);
  const report: Report = JSON.parse(readFileSync(join(out, folder, "report.json"), "utf8"));
  expect(report.engine).toMatchObject({
    name: "tfjs",
    reason: expect.stringContaining("Of the engines only tfjs has conv2d."),
  });
  const { final } = report.variants.baseline;
  // Of three classes; ln 3 is what guessing gives.
  expect(final.loss?.mean).toBeLessThan(0.5 * Math.log(3));
});

test("an engine that was asked for and lacks the layer says so", async () => {
  const { code, stderr } = await clab(["run", convolution(), "--engine", "cpu"]);
  expect(code).toBe(4);
  expect(stderr).toContain("The cpu engine does not have conv2d. Leave out --engine cpu.");
});

test("a shape that does not fit is named with its numbers and its place in the file", async () => {
  const { code, stderr } = await clab(["run", convolution([7, 8, 1])]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /spec\.json:\d+:\d+: model\.inputShape is 7 x 8 x 1, 56 numbers, but the data has 64 columns/,
  );
});

/** A spec file with three kinds of strokes, each at three places: counts from 0 to 16 as in digits. */
function convolution(inputShape = [8, 8, 1]): string {
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const rows = labels.map((label, i) => {
    const shift = Math.floor(i / 3) % 3;
    return Array.from({ length: 64 }, (_, pixel) => {
      const [y, x] = [Math.floor(pixel / 8), pixel % 8];
      const isInk = [y === 2 + shift, x === 2 + shift, x === y][label];
      return isInk ? 12 + (i % 5) : i % 4;
    });
  });
  const path = join(temporaryFolder(), "spec.json");
  const spec = {
    name: "strokes",
    data: { source: { kind: "inline", rows, labels }, split: { testSize: 0.25 } },
    model: {
      inputShape,
      layers: [
        { type: "conv2d", filters: 6, kernelSize: 3, activation: "relu" },
        { type: "maxPooling2d" },
        { type: "flatten" },
        { units: 3, activation: "softmax" },
      ],
    },
    train: { loss: "sparseCategoricalCrossentropy", learningRate: 0.01, epochs: 8, batchSize: 16 },
    seeds: { training: 2 },
  };
  writeFileSync(path, JSON.stringify(spec));
  return path;
}
