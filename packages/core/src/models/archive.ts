// A `.keras` file: a ZIP of a configuration and its weights. Nothing is unpacked onto a disk; an
// entry that is larger than any network here, or whose name leads out of the archive, is refused
// before it is unpacked.

import { strFromU8, unzipSync } from "fflate";
import { ModelError, unreadable } from "./errors.ts";

export interface KerasArchive {
  readonly config: string;
  readonly weights?: Uint8Array;
}

/** 512 MiB: 134 million weights, more than the widest layers of a spec have. */
export const MOST_BYTES = 2 ** 29;

const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";

/** A configuration is text; that of a thousand layers takes about a megabyte. */
const MOST_CONFIG_BYTES = 2 ** 26;

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

export function readArchive(bytes: Uint8Array, file: string): KerasArchive {
  const entries = unzipped(bytes, file);
  const config = entries[CONFIG];
  if (config === undefined) {
    throw unreadable(
      file,
      `it is an archive without ${CONFIG}, so it is no model of Keras 3; write one with model.save("model.keras").`,
    );
  }
  const weights = entries[WEIGHTS];
  return { config: strFromU8(config), ...(weights === undefined ? {} : { weights }) };
}

function unzipped(bytes: Uint8Array, file: string): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (leaves(name)) {
          throw unreadable(
            file,
            `its entry ${JSON.stringify(name)} leads out of the archive; Keras did not write it.`,
          );
        }
        const most = { [CONFIG]: MOST_CONFIG_BYTES, [WEIGHTS]: MOST_BYTES }[name];
        if (most === undefined) return false;
        if (originalSize <= most) return true;
        throw unreadable(
          file,
          `its ${name} unpacks to ${Math.ceil(originalSize / 2 ** 20)} MB, and ${most / 2 ** 20} MB are read at most.`,
        );
      },
    });
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw unreadable(file, "it is an archive that is cut off or damaged; save the model again.");
  }
}

/** A path that is absolute, or that goes up. */
export function leaves(name: string): boolean {
  return /^([/\\]|[a-z]:|[a-z]+:\/\/)/i.test(name) || name.split(/[/\\]/).includes("..");
}
