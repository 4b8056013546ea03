// Trials of sweeps as a table: one line per trial and network, for a spreadsheet or a data frame.

import type { ExportColumn, ExportTable } from "../../shared/export-table.ts";
import { METRICS, type Metric } from "../../spec/metrics.ts";
import { valueText } from "../params-text.ts";
import type { RunRecord, TrialRecord } from "../trial-record.ts";

export class TrialsTable {
  /** What stands in every line, by the names of the columns. */
  readonly #texts = columnsOf<string>("sweep", "id", "trialState", "state", "engine", "adapter");
  readonly #integers = columnsOf<number>("trial", "trainingSeed", "dataSeed", "epochs", "steps");
  readonly #numbers = new Map<string, (number | null)[]>([
    ["value", []],
    ...METRICS.flatMap((metric): [string, number[]][] => [
      [metric, []],
      [bestName(metric), []],
    ]),
    ["bestEpoch", []],
  ]);
  /** By parameter; a line that lacks it holds undefined. */
  readonly #params = new Map<string, unknown[]>();
  #lines = 0;

  /** @param sweep Its name. */
  add(sweep: string, record: TrialRecord): void {
    for (const run of record.runs) this.#addLine(sweep, record, run);
  }

  table(): ExportTable {
    const named = <C>(columns: Map<string, C>) => [...columns];
    return {
      columns: [
        ...named(this.#texts).map(([name, values]) => ({ name, kind: "text" as const, values })),
        ...named(this.#integers).map(([name, values]) => ({
          ...{ name, kind: "integer" as const, values },
        })),
        ...named(this.#params).map(([name, values]) => this.#paramColumn(name, values)),
        ...named(this.#numbers).map(([name, values]) => ({
          ...{ name, kind: "double" as const, values },
        })),
      ],
    };
  }

  #addLine(sweep: string, record: TrialRecord, run: RunRecord): void {
    const { index, id, state, value, engine, adapter, params } = record;
    const { trainingSeed, dataSeed, epochs, steps, final, best, bestEpoch } = run;
    push(this.#texts, { sweep, id, trialState: state, state: run.state, engine, adapter });
    push(this.#integers, { trial: index, trainingSeed, dataSeed, epochs, steps });
    push(this.#numbers, {
      value,
      ...Object.fromEntries(
        METRICS.flatMap((metric) => [
          [metric, final[metric] ?? null],
          [bestName(metric), best[metric] ?? null],
        ]),
      ),
      bestEpoch,
    });
    for (const [name, own] of Object.entries(params)) {
      const values = this.#params.get(name) ?? [];
      values[this.#lines] = own;
      this.#params.set(name, values);
    }
    this.#lines++;
  }

  /** Numbers where all are, else text. */
  #paramColumn(parameter: string, given: readonly unknown[]): ExportColumn {
    const name = `param.${parameter}`;
    const values = Array.from({ length: this.#lines }, (_, line) => given[line]);
    if (values.every((value) => value === undefined || typeof value === "number")) {
      return { name, kind: "double", values: values.map((value) => (value as number) ?? null) };
    }
    const text = (value: unknown) =>
      value === undefined ? "" : typeof value === "string" ? value : valueText(value);
    return { name, kind: "text", values: values.map(text) };
  }
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
