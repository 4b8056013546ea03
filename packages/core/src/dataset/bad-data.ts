// What only shows when data is drawn, cleaned and split: a problem of the spec, at its place there.

import { SpecError, type SpecPath } from "../spec/errors.ts";
import { NumpyError } from "./numpy/errors.ts";
import { SplitError } from "./split/errors.ts";

export function badData(path: SpecPath, message: string): SpecError {
  return new SpecError([{ code: "SPEC_BAD_DATA", path: ["data", ...path], message }]);
}

/** Draws or splits; what the generator or the split refuses is a problem of `data.<part>`. */
export function drawing<T>(part: "source" | "split", draw: () => T): T {
  try {
    return draw();
  } catch (error) {
    if (error instanceof NumpyError || error instanceof SplitError) {
      throw badData([part], `cannot be carried out: ${error.message}`);
    }
    // What a typed array throws that finds no room.
    if (error instanceof RangeError) {
      throw badData([part], `needs more memory than there is (${error.message}); use fewer rows.`);
    }
    throw error;
  }
}
