// The article's three experiments, as examples/article-*.yaml has them; the test holds them to that.

import type { SpecInput } from "@convergence-lab/core";
import type { ARTICLE_NAMES } from "./preset-names.ts";

export const ARTICLES: Readonly<Record<(typeof ARTICLE_NAMES)[number], SpecInput>> = {
  "article-1": {
    version: 1,
    name: "article-1",
    title: "Unnormalized against normalized features",
    data: {
      source: {
        kind: "inline",
        columns: ["large", "small"],
        rows: [
          [1000, 0.01],
          [2000, 0.02],
          [3000, 0.03],
          [4000, 0.04],
          [5000, 0.05],
        ],
        labels: [0, 0, 1, 1, 1],
      },
    },
    model: {
      layers: [
        { units: 16, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: {
      loss: "binaryCrossentropy",
      optimizer: "adam",
      learningRate: 0.001,
      epochs: 100,
      batchSize: 32,
    },
    seeds: { training: 20 },
    variants: {
      unnormalized: {},
      normalized: { data: { preprocess: ["standardize"] } },
    },
    claims: [
      {
        text: "normalized converges to a lower loss than unnormalized",
        expect: [{ metric: "loss", variant: "normalized", is: "lower", than: "unnormalized" }],
      },
    ],
  },
  "article-2": {
    version: 1,
    name: "article-2",
    title: "Shallow, complex and balanced networks",
    data: {
      source: {
        kind: "numpy",
        seed: 42,
        features: { rand: [1000, 20] },
        labels: { randint: { low: 0, high: 2, size: 1000 } },
      },
      split: { testSize: 0.2, randomState: 42 },
    },
    model: {
      layers: [
        { units: 64, activation: "relu" },
        { units: 32, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: {
      loss: "binaryCrossentropy",
      optimizer: "adam",
      learningRate: 0.001,
      epochs: 50,
      batchSize: 32,
    },
    seeds: { training: 20, data: 20 },
    variants: {
      shallow: {
        model: {
          layers: [
            { units: 4, activation: "relu" },
            { units: 1, activation: "sigmoid" },
          ],
        },
      },
      complex: {
        model: {
          layers: [
            { units: 128, activation: "relu" },
            { units: 128, activation: "relu" },
            { units: 1, activation: "sigmoid" },
          ],
        },
      },
      balanced: {},
    },
    claims: [
      {
        text: "the balanced network has the lowest validation loss",
        expect: [{ metric: "valLoss", variant: "balanced", is: "lower", than: "others" }],
      },
      {
        text: "the complex network has lower training loss and higher validation loss",
        expect: [
          { metric: "loss", variant: "complex", is: "lower", than: "others" },
          { metric: "valLoss", variant: "complex", is: "higher", than: "others" },
        ],
      },
    ],
  },
  "article-3": {
    version: 1,
    name: "article-3",
    title: "Learning rates 0.1, 0.0001 and 0.001",
    data: {
      source: {
        kind: "numpy",
        seed: 42,
        features: { rand: [1000, 10] },
        labels: { randint: { low: 0, high: 2, size: 1000 } },
      },
      split: { testSize: 0.2, randomState: 42 },
    },
    model: {
      layers: [
        { units: 32, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", optimizer: "adam", epochs: 50, batchSize: 32 },
    seeds: { training: 20, data: 20 },
    variants: {
      high: { train: { learningRate: 0.1 } },
      low: { train: { learningRate: 0.0001 } },
      optimal: { train: { learningRate: 0.001 } },
    },
    claims: [
      {
        text: "0.1 oscillates or diverges",
        expect: [{ variant: "high", behaves: ["oscillates", "diverges"], inMoreThan: 0.5 }],
      },
      {
        text: "0.0001 converges slowly",
        expect: [
          { metric: "loss", variant: "low", is: "higher", than: "optimal" },
          { variant: "low", behaves: ["stillFalling"], inMoreThan: 0.5 },
        ],
      },
      {
        text: "0.001 has the lowest validation loss",
        expect: [{ metric: "valLoss", variant: "optimal", is: "lower", than: "others" }],
      },
    ],
  },
};
