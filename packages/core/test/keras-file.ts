// Models as Keras writes them, made by hand: only what a test is about is written out.

/// <reference types="node" />
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ImportedModel, readModel } from "../src/index.ts";

const FOLDER = resolve(import.meta.dirname, "../../../test-fixtures/models");

export function modelFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(resolve(FOLDER, name)));
}

type Fields = Readonly<Record<string, unknown>>;

/** A layer of the class, named after it. */
export function kerasLayer(className: string, config: Fields = {}, rest: Fields = {}): Fields {
  return { class_name: className, config: { name: className.toLowerCase(), ...config }, ...rest };
}

/** `model.to_json()` of a Sequential model on 4 columns that ends in the given layers. */
export function sequentialJson(layers: readonly Fields[], rest: Fields = {}): Fields {
  const input = kerasLayer("InputLayer", { batch_shape: [null, 4], name: "input_layer" });
  const config = { name: "sequential", layers: [input, ...layers] };
  return { module: "keras", class_name: "Sequential", config, ...rest };
}

export const HEAD: Fields = kerasLayer("Dense", { name: "head", units: 3, activation: "softmax" });

export function readJson(source: unknown): ImportedModel {
  return readModel("m.json", new TextEncoder().encode(JSON.stringify(source)));
}
