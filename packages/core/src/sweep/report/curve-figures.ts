// How the best trials of a sweep learned: a plot for each metric with a line for each trial, and its
// numbers behind it.

import { capital } from "../../report/diagnosis-text.ts";
import { row, table, twoSizes } from "../../report/html-parts.ts";
import { METRIC_NAMES } from "../../report/summary-text.ts";
import { linePlot } from "../../report/svg/line-plot.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { METRICS, type Metric } from "../../spec/metrics.ts";
import { valueText } from "../params-text.ts";
import { everyEpoch, type TrialCurve } from "../trial-curve.ts";
import { byImportance, mayBeNothing } from "./report-words.ts";
import type { SweepReport, SweptReport } from "./sweep-report.ts";

/** As many as can be told apart by ink and dashes. */
const MOST_LINES = 6;
/** Of the table behind a plot; `--export-curves` writes all that is kept. */
const MOST_ROWS = 50;

interface NamedCurve {
  readonly name: string;
  readonly curve: Pick<TrialCurve, "epochs" | "medians">;
}

/** None where no curve was kept. The sweep's own metric comes first. */
export function curveFigures(swept: SweptReport, { metric }: SweepReport): string[] {
  const named = namedCurves(swept);
  const metrics = [metric.name, ...METRICS.filter((name) => name !== metric.name)];
  return metrics.flatMap((name) => {
    const lines = named.filter(({ curve }) => curve.medians[name]?.some((value) => value !== null));
    return lines.length === 0 ? [] : [curveFigure(name, lines)];
  });
}

/** The parameter whose value stands beside a trial's number, where one matters. */
export function namingParameter({ parameters }: SweptReport): string | undefined {
  return byImportance(parameters).find((parameter) => !mayBeNothing(parameter))?.name;
}

/** "2: 0.01": by its place among the best, and its value of what matters most. */
function namedCurves(swept: SweptReport): NamedCurve[] {
  const parameter = namingParameter(swept);
  return swept.best.slice(0, MOST_LINES).flatMap(({ params, curve }, place) => {
    if (curve === null) return [];
    const isNamed = parameter !== undefined && Object.hasOwn(params, parameter);
    return [{ name: `${place + 1}${isNamed ? `: ${valueText(params[parameter])}` : ""}`, curve }];
  });
}

function curveFigure(metric: Metric, named: readonly NamedCurve[]): string {
  const lines = named.map(({ name, curve }) => ({ name, values: everyEpoch(curve, metric) }));
  const epochs = Math.max(...lines.map(({ values }) => values.length));
  const ends = lines.map(({ name, values }) => `${name}, ${numberText(values.at(-1))}`);
  const plots = twoSizes(({ width, height }) =>
    linePlot({
      description: `${capital(METRIC_NAMES[metric])} of the best trials over ${epochs} epochs. After the last of each: ${ends.join("; ")}.`,
      xLabel: "epoch",
      yLabel: METRIC_NAMES[metric],
      lines,
      width,
      height,
    }),
  );
  return `<figure>${plots}${curveNumbers(metric, named)}</figure>`;
}

/** What was kept, at some of the epochs that any of them has. */
function curveNumbers(metric: Metric, named: readonly NamedCurve[]): string {
  const columns = named.map(
    ({ curve: { epochs, medians } }) =>
      new Map(epochs.map((epoch, i) => [epoch, medians[metric]?.[i]])),
  );
  const epochs = [...new Set(named.flatMap(({ curve }) => curve.epochs))].sort((a, b) => a - b);
  const every = Math.ceil(epochs.length / MOST_ROWS);
  const listed = epochs.filter((_, i) => i % every === 0 || i === epochs.length - 1);
  const rows = listed.map((epoch) =>
    row(
      [String(epoch)],
      columns.map((column) => numberText(column.get(epoch))),
    ),
  );
  const head = ["epoch", ...named.map(({ name }) => name)];
  return `<details><summary>Numbers</summary><div class="tall">${table(head, rows)}</div></details>`;
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "\u2013" : shortNumber(value);
}
