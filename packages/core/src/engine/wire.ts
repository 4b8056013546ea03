// Messages as text, for transports that carry only text: JSON, in which typed arrays become base64
// of their (little-endian) bytes, and numbers that JSON does not have keep their value. Whoever has
// structured clone needs none of this.

import { decodeBase64, encodeBase64 } from "../shared/base64.ts";
import { EngineError } from "./errors.ts";

/** @throws EngineError (ENGINE_UNSENDABLE_VALUE) for functions, maps, dates and the like. */
export function encodeMessage(value: unknown): string {
  return JSON.stringify(pack(value));
}

/** @throws EngineError (ENGINE_BAD_MESSAGE) for text that `encodeMessage` did not write. */
export function decodeMessage(text: string): unknown {
  try {
    return unpack(JSON.parse(text));
  } catch (error) {
    const start = JSON.stringify(text.slice(0, 80));
    throw new EngineError(
      "ENGINE_BAD_MESSAGE",
      `${start} is not a message of an engine (${(error as Error).message}); ` +
        "print on another channel than the one that carries messages.",
    );
  }
}

const TYPED_ARRAYS = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array };
type TypedArrayName = keyof typeof TYPED_ARRAYS;
type TypedArray = InstanceType<(typeof TYPED_ARRAYS)[TypedArrayName]>;

// What JSON cannot say is an object with one key that starts with "$": "$number", "$undefined", or
// the name of a typed array. An object of the user's with such a key is wrapped in "$object".

function pack(value: unknown): unknown {
  if (typeof value === "number") return packNumber(value);
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (value === undefined) return { $undefined: true };
  if (Array.isArray(value)) return value.map(pack);
  const array = typedArrayName(value);
  if (array !== undefined) return { [`$${array}`]: encodeBase64(bytesOf(value as TypedArray)) };
  if (typeof value === "object" && isPlain(value)) {
    const packed = mapValues(value, pack);
    return Object.keys(value).some((key) => key.startsWith("$")) ? { $object: packed } : packed;
  }
  throw new EngineError(
    "ENGINE_UNSENDABLE_VALUE",
    `${String(value)} cannot be sent to an engine; send plain objects, arrays, numbers, strings ` +
      `and ${Object.keys(TYPED_ARRAYS).join(", ")}.`,
  );
}

function packNumber(value: number): unknown {
  const inJson = Number.isFinite(value) && !Object.is(value, -0);
  return inJson ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  const [[key, content] = ["", null], ...others] = Object.entries(value);
  if (others.length > 0 || !key.startsWith("$")) return mapValues(value, unpack);
  if (key === "$undefined") return undefined;
  if (key === "$number") return Number(content);
  if (key === "$object") return mapValues(content as object, unpack);
  return new TYPED_ARRAYS[key.slice(1) as TypedArrayName](decodeBase64(content as string).buffer);
}

function typedArrayName(value: unknown): TypedArrayName | undefined {
  const names = Object.keys(TYPED_ARRAYS) as TypedArrayName[];
  return names.find((name) => value instanceof TYPED_ARRAYS[name]);
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function mapValues(value: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}
