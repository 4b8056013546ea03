// The weights of a TensorFlow.js model: binary files beside its model.json, and a manifest of what
// lies in them, one array behind the other.

import type { ModelWeights, WeightTensor } from "../compile/initial-weights.ts";
import { leaves } from "./archive.ts";
import { unreadable, unsupported } from "./errors.ts";
import type { KerasNetwork } from "./keras-network.ts";
import { isFields } from "./keras-objects.ts";
import type { Sibling } from "./model.ts";

export function readTfjsWeights(
  manifest: unknown,
  network: KerasNetwork,
  file: string,
  sibling: Sibling,
): ModelWeights {
  if (!Array.isArray(manifest)) throw unreadable(file, "its weightsManifest is no list.");
  const tensors = manifest.flatMap((group) => readGroup(group, file, sibling));
  return network.origins.flatMap(({ type, layer }) => {
    const own = tensors.filter(({ name }) => name.split("/").slice(0, -1).includes(layer.name));
    return own.length === 0 ? [] : [{ type, tensors: own.map(({ tensor }) => tensor) }];
  });
}

interface NamedTensor {
  /** "dense_Dense1/kernel" */
  readonly name: string;
  readonly tensor: WeightTensor;
}

function readGroup(group: unknown, file: string, sibling: Sibling): NamedTensor[] {
  const { paths, weights } = isFields(group) ? group : {};
  if (!Array.isArray(paths) || !Array.isArray(weights)) {
    throw unreadable(file, "a group of its weightsManifest has no paths or no weights.");
  }
  const bytes = joined(paths.map((path: unknown) => partOf(path, file, sibling)));
  let offset = 0;
  return weights.map((written: unknown) => {
    const entry = manifestEntry(written, file);
    const { name, shape, kind, scale, min } = entry;
    const size = shape.reduce((product, extent) => product * extent, 1);
    const end = offset + size * BYTES[kind];
    if (!(end <= bytes.length)) {
      throw unreadable(
        file,
        `the files of its weights end at ${bytes.length} bytes, in the middle of ${JSON.stringify(name)}; copy them again.`,
      );
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
    offset = end;
    const values = Float32Array.from({ length: size }, (_, i) => {
      if (kind === "float32") return view.getFloat32(4 * i, true);
      if (kind === "int32") return view.getInt32(4 * i, true);
      return (kind === "uint8" ? view.getUint8(i) : view.getUint16(2 * i, true)) * scale + min;
    });
    return { name, tensor: { shape, values } };
  });
}

const BYTES = { float32: 4, int32: 4, uint8: 1, uint16: 2 } as const;

interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: keyof typeof BYTES;
  /** Of numbers that are kept as whole ones: what makes a weight of them. */
  readonly scale: number;
  readonly min: number;
}

function manifestEntry(written: unknown, file: string): ManifestEntry {
  const { name, shape, dtype, quantization } = isFields(written) ? written : {};
  const isShape =
    Array.isArray(shape) && shape.every((extent) => Number.isInteger(extent) && extent >= 0);
  if (typeof name !== "string" || !isShape) {
    throw unreadable(file, "its weightsManifest has an entry without a name or a shape.");
  }
  const { dtype: kept = dtype, scale = 1, min = 0 } = isFields(quantization) ? quantization : {};
  if (typeof kept !== "string" || !Object.hasOwn(BYTES, kept)) {
    throw unsupported(
      file,
      `its weights ${JSON.stringify(name)} are ${JSON.stringify(kept)}; float32, int32, uint8 and uint16 are read.`,
    );
  }
  const kind = kept as ManifestEntry["kind"];
  return { name, shape: shape as number[], kind, scale: Number(scale), min: Number(min) };
}

function partOf(path: unknown, file: string, sibling: Sibling): Uint8Array {
  if (typeof path !== "string" || leaves(path)) {
    throw unreadable(
      file,
      `its weights are said to lie in ${JSON.stringify(path)}, which is not beside it; they are not read from elsewhere.`,
    );
  }
  const bytes = sibling(path);
  if (bytes === undefined) {
    throw unreadable(file, `its weights lie in ${path}, and there is no such file beside it.`);
  }
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
