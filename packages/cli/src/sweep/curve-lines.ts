// The learning curves of the trials of some folders, by the trial: their places are held, and their
// lines are read when they are asked for.

import { existsSync } from "node:fs";
import { parseCurve, type TrialCurve } from "@convergence-lab/core";
import { LineReader } from "./json-lines.ts";
import { curvesFile, placedCurvesOf } from "./sweep-folder.ts";

export class CurveLines {
  readonly #folder: Int32Array;
  readonly #offset: Float64Array;
  readonly #bytes: Int32Array;
  readonly #readers: readonly (LineReader | undefined)[];

  /**
   * @param trials How many the sweep has.
   * @param isOf Whether a trial is read from that one of the folders; without it every trial is of
   *   the first folder that has it.
   */
  constructor(
    folders: readonly string[],
    trials: number,
    isOf: (trial: number, folder: number) => boolean = () => true,
  ) {
    this.#folder = new Int32Array(trials).fill(-1);
    this.#offset = new Float64Array(trials);
    this.#bytes = new Int32Array(trials);
    this.#readers = folders.map((folder) =>
      existsSync(curvesFile(folder)) ? new LineReader(curvesFile(folder)) : undefined,
    );
    for (const [i, folder] of folders.entries()) {
      for (const { index, offset, bytes } of placedCurvesOf(folder)) {
        if (index >= trials || this.#folder[index] !== -1 || !isOf(index, i)) continue;
        this.#folder[index] = i;
        this.#offset[index] = offset;
        this.#bytes[index] = bytes;
      }
    }
  }

  /** As it stands in its file; undefined where the trial has none. */
  lineOf(trial: number): string | undefined {
    const folder = this.#folder[trial];
    if (folder === -1) return undefined;
    return this.#readers[folder]!.at(this.#offset[trial], this.#bytes[trial]);
  }

  curveOf(trial: number): TrialCurve | undefined {
    const line = this.lineOf(trial);
    return line === undefined ? undefined : parseCurve(line);
  }

  close(): void {
    for (const reader of this.#readers) reader?.close();
  }
}
