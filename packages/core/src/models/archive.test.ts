// Archives and HDF5 files that were made to do harm, or that hold something else than Keras puts
// into them.

import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { File, ready } from "h5wasm";
import { expect, test } from "vitest";
import { modelFixture } from "../../test/keras-file.ts";
import { readModel } from "./read-model.ts";

const entries = unzipSync(modelFixture("m.keras"));
const read = (bytes: Uint8Array) => () => readModel("m.keras", bytes);

test("a compressed archive is one too", () => {
  expect(readModel("m.keras", zipSync(entries)).weights).toHaveLength(3);
});

test("a bomb is not unpacked", () => {
  // 65 MiB of blanks, which an archive holds in 64 KiB.
  const bomb = zipSync({ "config.json": new Uint8Array(65 * 2 ** 20).fill(0x20) });
  expect(bomb.length).toBeLessThan(2 ** 18);
  expect(read(bomb)).toThrow("its config.json unpacks to 65 MB, and 64 MB are read at most");
});

test("a bomb that lies about its size unpacks to no more than it says", () => {
  const bomb = zipSync({ "config.json": new Uint8Array(2 ** 24).fill(0x20) });
  const view = new DataView(bomb.buffer, bomb.byteOffset);
  // The size after unpacking, in the entry of the central directory at the end.
  const directory = bomb.length - 22 - 46 - "config.json".length;
  expect(view.getUint32(directory + 24, true)).toBe(2 ** 24);
  view.setUint32(directory + 24, 100, true);
  expect(read(bomb)).toThrow("cannot read m.keras");
});

test.each(["../../evil", "/etc/passwd", "a/../../b", "C:\\evil", "..\\evil"])(
  "an entry named %s leads out of the archive",
  (name) => {
    const bytes = zipSync({ ...entries, [name]: strToU8("x") });
    expect(read(bytes)).toThrow(`its entry ${JSON.stringify(name)} leads out of the archive`);
  },
);

test("what else lies in the archive is not looked at", () => {
  const bytes = zipSync({ ...entries, "assets/big.bin": new Uint8Array(2 ** 20) });
  expect(readModel("m.keras", bytes).weights).toHaveLength(3);
});

test.each<[string, Record<string, Uint8Array>, string]>([
  ["no configuration", { "a.txt": strToU8("x") }, "an archive without config.json"],
  ["a configuration that is no JSON", { "config.json": strToU8("{") }, "it is no JSON"],
  ["a list", { "config.json": strToU8("[]") }, "no model of Keras"],
  [
    "empty weights",
    { ...entries, "model.weights.h5": new Uint8Array() },
    "HDF5 is damaged or cut off",
  ],
])("%s", (_, files, message) => {
  expect(read(zipSync(files))).toThrow(message);
});

test.each<[string, Uint8Array, string]>([
  ["an empty file", new Uint8Array(), "it is empty"],
  ["text", strToU8("hello"), "it is no JSON"],
  ["bytes", Uint8Array.of(0xff, 0xfe, 0xfd), "it is none of .keras"],
  ["a cut archive", modelFixture("m.keras").subarray(0, 5000), "cut off or damaged"],
])("%s", (_, bytes, message) => {
  expect(read(bytes)).toThrow(message);
});

test("weights alone in the archive are not missed", () => {
  const { "config.json": config } = entries;
  expect(readModel("m.keras", zipSync({ "config.json": config })).weights).toBeUndefined();
});

/** The archive with an HDF5 file of our own in it. */
async function withWeights(write: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await ready;
  const file = new File("test.h5", "w");
  write(file);
  file.close();
  const bytes = FS.readFile("test.h5");
  FS.unlink("test.h5");
  return zipSync({ ...entries, "model.weights.h5": bytes });
}

test("HDF5 that holds something else", async () => {
  const empty = await withWeights((file) => file.create_group("a"));
  expect(read(empty)).toThrow("its HDF5 has no layers of Keras");
  const texts = await withWeights((file) => {
    const vars = file.create_group("layers").create_group("dense").create_group("vars");
    vars.create_dataset({ name: "0", data: ["some", "text"] });
  });
  expect(read(texts)).toThrow(/array 0 holds .*, not numbers/);
  const group = await withWeights((file) => {
    const vars = file.create_group("layers").create_group("dense").create_group("vars");
    vars.create_group("0");
  });
  expect(read(group)).toThrow("its weights have no array 0");
  const whole = await withWeights((file) => {
    const vars = file.create_group("layers").create_group("dense").create_group("vars");
    vars.create_dataset({ name: "0", data: new Int32Array([1, 2]), shape: [2] });
  });
  const { weights } = readModel("m.keras", whole);
  expect(weights).toEqual([
    { type: "dense", tensors: [{ shape: [2], values: Float32Array.of(1, 2) }] },
  ]);
});

test("a file of Keras 2: texts of fixed length, and names that are too many for one attribute", async () => {
  const dense = {
    class_name: "Dense",
    config: { name: "only", units: 1, batch_input_shape: [null, 2] },
  };
  const config = { class_name: "Sequential", config: { name: "s", layers: [dense] } };
  const training = { loss: "mse", optimizer_config: { class_name: "SGD", config: { lr: 0.5 } } };
  const { FS } = await ready;
  const file = new File("legacy.h5", "w");
  const fixed = (text: string) => [text, null, `S${text.length + 3}`] as const;
  file.create_attribute("model_config", ...fixed(JSON.stringify(config)));
  file.create_attribute("training_config", ...fixed(JSON.stringify(training)));
  const root = file.create_group("model_weights");
  root.create_attribute("layer_names0", ["other"], null, "S8");
  root.create_attribute("layer_names1", ["only"], null, "S8");
  const layer = root.create_group("only");
  layer.create_attribute("weight_names", ["only/kernel:0", "only/bias:0"], null, "S20");
  const arrays = layer.create_group("only");
  const dtype = "<f4";
  arrays.create_dataset({ name: "kernel:0", data: Float32Array.of(3, 4), shape: [2, 1], dtype });
  arrays.create_dataset({ name: "bias:0", data: Float32Array.of(5), shape: [1], dtype });
  file.close();
  const model = readModel("legacy.h5", FS.readFile("legacy.h5"));
  FS.unlink("legacy.h5");
  expect(model).toMatchObject({
    format: "h5",
    inputShape: [2],
    train: { loss: { name: "meanSquaredError" }, optimizer: { name: "sgd" }, learningRate: 0.5 },
  });
  expect(model.weights?.[0].tensors.map(({ values }) => [...values])).toEqual([[3, 4], [5]]);
});

test("a Lambda's code is not run, and the layer is named", () => {
  const config = JSON.parse(strFromU8(entries["config.json"]));
  const code = { class_name: "__lambda__", config: { code: "4wEAAAAAAAAA" } };
  config.config.layers.push({ class_name: "Lambda", config: { name: "evil", function: code } });
  const bytes = zipSync({ ...entries, "config.json": strToU8(JSON.stringify(config)) });
  expect(read(bytes)).toThrow('layer "evil" (Lambda) is of a class that a spec cannot say');
});
