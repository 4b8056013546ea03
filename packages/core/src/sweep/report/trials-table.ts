// Trials of sweeps as a table: one line per trial and network, for a spreadsheet or a data frame.

import type { ExportColumn, ExportTable } from "../../shared/export-table.ts";
import { METRICS, type Metric } from "../../spec/metrics.ts";
import { valueText } from "../params-text.ts";
import type { Sweep, SweepParameter } from "../sweep.ts";
import type { RunRecord, TrialRecord } from "../trial-record.ts";

/** The columns are those of the sweeps; lines can be taken out while more come. */
export class TrialsTable {
  readonly #texts = columnsOf<string>("sweep", "id", "trialState", "state", "engine", "adapter");
  readonly #integers = columnsOf<number>("trial", "trainingSeed", "dataSeed", "epochs", "steps");
  readonly #numbers = columnsOf<number | null>(
    "value",
    ...METRICS.flatMap((metric) => [metric, bestName(metric)]),
    "bestEpoch",
  );
  /** By parameter; a line that lacks it holds undefined. */
  readonly #params: Map<string, unknown[]>;
  /** Parameters that are numbers wherever they are. */
  readonly #isNumber: ReadonlySet<string>;

  constructor(sweeps: readonly Pick<Sweep, "parameters">[]) {
    const parameters = sweeps.flatMap((sweep) => sweep.parameters);
    const words = parameters.filter((parameter) => !isNumber(parameter)).map(({ name }) => name);
    const names = parameters.map(({ name }) => name);
    this.#params = columnsOf<unknown>(...names);
    this.#isNumber = new Set(names.filter((name) => !words.includes(name)));
  }

  /** Lines that were not taken. */
  get lines(): number {
    return this.#integers.get("trial")!.length;
  }

  /** @param sweep Its name. */
  add(sweep: string, record: TrialRecord): void {
    for (const run of record.runs) this.#addLine(sweep, record, run);
  }

  /** The lines that are there, which it then no longer holds. */
  take(): ExportTable {
    const columns: ExportColumn[] = [
      ...[...this.#texts].map(([name, values]) => ({ name, kind: "text", values }) as const),
      ...[...this.#integers].map(([name, values]) => ({ name, kind: "integer", values }) as const),
      ...[...this.#params].map(([name, values]) => this.#paramColumn(name, values)),
      ...[...this.#numbers].map(([name, values]) => ({ name, kind: "double", values }) as const),
    ];
    for (const all of [this.#texts, this.#integers, this.#params, this.#numbers]) {
      for (const name of all.keys()) all.set(name, []);
    }
    return { columns };
  }

  #addLine(sweep: string, record: TrialRecord, run: RunRecord): void {
    const { index, id, state, value, engine, adapter, params } = record;
    const { trainingSeed, dataSeed, epochs, steps, final, best, bestEpoch } = run;
    push(this.#texts, { sweep, id, trialState: state, state: run.state, engine, adapter });
    push(this.#integers, { trial: index, trainingSeed, dataSeed, epochs, steps });
    for (const [name, values] of this.#params) {
      values.push(Object.hasOwn(params, name) ? params[name] : undefined);
    }
    const metrics = METRICS.flatMap((metric) => [
      [metric, final[metric] ?? null],
      [bestName(metric), best[metric] ?? null],
    ]);
    push(this.#numbers, { value, ...Object.fromEntries(metrics), bestEpoch });
  }

  #paramColumn(parameter: string, given: readonly unknown[]): ExportColumn {
    const name = `param.${parameter}`;
    if (this.#isNumber.has(parameter)) {
      const values = given.map((value) => (value as number | undefined) ?? null);
      return { name, kind: "double", values };
    }
    const text = (value: unknown) =>
      value === undefined ? "" : typeof value === "string" ? value : valueText(value);
    return { name, kind: "text", values: given.map(text) };
  }
}

function isNumber({ from }: SweepParameter): boolean {
  return from.kind !== "values" || from.values.every((value) => typeof value === "number");
}

function columnsOf<T>(...names: readonly string[]): Map<string, T[]> {
  return new Map(names.map((name) => [name, []]));
}

function push<T>(columns: Map<string, T[]>, line: Readonly<Record<string, T>>): void {
  for (const [name, values] of columns) values.push(line[name]);
}

/** "bestValLoss" */
function bestName(metric: Metric): string {
  return `best${metric[0].toUpperCase()}${metric.slice(1)}`;
}
