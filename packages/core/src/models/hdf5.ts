// HDF5 as far as Keras uses it: groups with attributes that are text, and arrays of numbers. What
// the reader throws becomes one kind of error, and no file makes it fill the memory.

import { Dataset, File, Group } from "jsfive";
import type { WeightTensor } from "../compile/initial-weights.ts";
import { ModelError, unreadable } from "./errors.ts";

export class Hdf5Group {
  readonly #group: Group;
  readonly #file: string;
  /** Of the whole file: an array that claims to be much larger is none. */
  readonly #bytes: number;

  private constructor(group: Group, file: string, bytes: number) {
    this.#group = group;
    this.#file = file;
    this.#bytes = bytes;
  }

  /** The root of a file. */
  static open(bytes: Uint8Array, file: string): Hdf5Group {
    const { buffer, byteOffset, byteLength } = bytes;
    const own = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const root = guarded(file, "its HDF5 is damaged or cut off", () => new File(own, file));
    return new Hdf5Group(root, file, byteLength);
  }

  get names(): readonly string[] {
    return this.#guarded(() => this.#group.keys);
  }

  /** Undefined when there is none. */
  group(path: string): Hdf5Group | undefined {
    const found = this.#find(path);
    return found instanceof Group ? new Hdf5Group(found, this.#file, this.#bytes) : undefined;
  }

  /** Undefined when there is none. */
  text(name: string): string | undefined {
    const value = this.#attribute(name);
    return typeof value === "string" ? withoutPadding(value) : undefined;
  }

  /** A list of texts; one that is too long for an attribute is split into name0, name1, ... */
  texts(name: string): string[] | undefined {
    const whole = this.#attribute(name);
    if (Array.isArray(whole)) return whole.map((item) => withoutPadding(String(item)));
    const parts: string[] = [];
    for (let i = 0; ; i++) {
      const part = this.#attribute(`${name}${i}`);
      if (!Array.isArray(part)) return i === 0 ? undefined : parts;
      parts.push(...part.map((item) => withoutPadding(String(item))));
    }
  }

  /** @throws ModelError when it is no array of numbers. */
  tensor(path: string): WeightTensor {
    const found = this.#find(path);
    if (!(found instanceof Dataset)) {
      throw unreadable(this.#file, `its weights have no array ${path}; save the model again.`);
    }
    return this.#guarded(() => {
      const { shape, dtype } = found;
      const size = shape.reduce((product, extent) => product * extent, 1);
      if (!/^[<>|]?[fiu][1248]$/.test(String(dtype))) {
        throw unreadable(this.#file, `its array ${path} holds ${String(dtype)}, not numbers.`);
      }
      if (!(size <= MOST_PER_BYTE * this.#bytes)) {
        throw unreadable(
          this.#file,
          `its array ${path} claims ${shape.join(" x ")} numbers, more than the file can hold; it is damaged.`,
        );
      }
      const values = Float32Array.from(found.value as ArrayLike<number>);
      if (values.length !== size) {
        throw unreadable(this.#file, `its array ${path} is cut off; save the model again.`);
      }
      return { shape: [...shape], values };
    });
  }

  #find(path: string): unknown {
    return this.#guarded(() => {
      let here: unknown = this.#group;
      for (const name of path.split("/")) {
        if (!(here instanceof Group) || !here.keys.includes(name)) return undefined;
        here = here.get(name);
      }
      return here;
    });
  }

  #attribute(name: string): unknown {
    return this.#guarded(() => (this.#group.attrs as Record<string, unknown>)[name]);
  }

  #guarded<T>(read: () => T): T {
    return guarded(this.#file, "its HDF5 is damaged", read);
  }
}

/** Numbers per byte of a file: what deflate, at most 1032 : 1, makes of float32. */
const MOST_PER_BYTE = 258;

/**
 * The reader throws texts, and whatever a wrong offset leads to; and it prints names as they stand in
 * the file, which could steer a terminal.
 */
function guarded<T>(file: string, reason: string, read: () => T): T {
  try {
    return silently(read);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw unreadable(file, `${reason}; save the model again.`);
  }
}

function silently<T>(read: () => T): T {
  const { console } = globalThis as { console?: Record<"log" | "warn", unknown> };
  if (console === undefined) return read();
  const { log, warn } = console;
  const nothing = () => {};
  Object.assign(console, { log: nothing, warn: nothing });
  try {
    return read();
  } finally {
    Object.assign(console, { log, warn });
  }
}

function withoutPadding(text: string): string {
  return text.replace(/\0+$/, "");
}
