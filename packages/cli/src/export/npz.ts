// A part of a dataset as NumPy's archive: x float32 (rows, columns) in C order, y int32 (rows).

import type { Dataset, Part } from "@convergence-lab/core";
import { zipSync } from "fflate";

export function asNpz(dataset: Dataset, part: Part): Uint8Array {
  const x = littleEndian(part.x, (view, offset, value) => view.setFloat32(offset, value, true));
  const y = littleEndian(part.y, (view, offset, value) => view.setInt32(offset, value, true));
  return zipSync(
    {
      "x.npy": npy("<f4", `(${part.rows}, ${dataset.columns.length})`, x),
      "y.npy": npy("<i4", `(${part.rows},)`, y),
    },
    // Stored, as np.savez does, and with a fixed date so that equal data gives equal files.
    { level: 0, mtime: "1980-01-01T00:00:00" },
  );
}

/** The NPY format, version 1.0: magic, length of the header, header padded to 64 bytes, data. */
function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const unpadded = 10 + header.length + 1;
  const padded = `${header}${" ".repeat((64 - (unpadded % 64)) % 64)}\n`;
  const bytes = new Uint8Array(10 + padded.length + data.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(data, 10 + padded.length);
  return bytes;
}

function littleEndian(
  values: Float32Array,
  set: (view: DataView, offset: number, value: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    set(view, 4 * i, value);
  });
  return bytes;
}
