// Learning curves of trials as a table: one line per trial and kept epoch. What a trial's settings
// are stands in the table of trials, under the same sweep and trial.

import type { ExportTable } from "../../shared/export-table.ts";
import { METRICS } from "../../spec/metrics.ts";
import type { TrialCurve } from "../trial-curve.ts";

/** Lines can be taken out while more come. */
export class TrialCurvesTable {
  #curves: { readonly sweep: string; readonly curve: TrialCurve }[] = [];
  #lines = 0;

  /** Lines that were not taken. */
  get lines(): number {
    return this.#lines;
  }

  /** @param sweep Its name. */
  add(sweep: string, curve: TrialCurve): void {
    this.#curves.push({ sweep, curve });
    this.#lines += curve.epochs.length;
  }

  /** The lines that are there, which it then no longer holds. */
  take(): ExportTable {
    const curves = this.#curves;
    this.#curves = [];
    this.#lines = 0;
    const repeated = <T>(toCell: (one: (typeof curves)[number]) => T): T[] =>
      curves.flatMap((one) => one.curve.epochs.map(() => toCell(one)));
    return {
      columns: [
        { name: "sweep", kind: "text", values: repeated(({ sweep }) => sweep) },
        { name: "id", kind: "text", values: repeated(({ curve }) => curve.id) },
        { name: "trial", kind: "integer", values: repeated(({ curve }) => curve.index) },
        { name: "epoch", kind: "integer", values: curves.flatMap(({ curve }) => curve.epochs) },
        ...METRICS.map((name) => {
          const values = curves.flatMap(({ curve: { epochs, medians } }) =>
            epochs.map((_, i) => medians[name]?.[i] ?? null),
          );
          return { name, kind: "double", values } as const;
        }),
      ],
    };
  }
}
