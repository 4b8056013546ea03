// A sweep's trials -> what parallel coordinates show of them: an axis for each parameter that varies,
// what matters most next to the metric, which is the last.

import type { ParallelAxis, ParallelLine } from "../../report/svg/parallel-plot.ts";
import { canonicalJson } from "../../shared/content-hash.ts";
import { valueText } from "../params-text.ts";
import { byImportance } from "./report-words.ts";
import type { ParameterReport, ShownTrial, SweptReport } from "./sweep-report.ts";

/** More are taller than a screen. */
const MOST_PARAMETERS = 10;
/** As many as can be told apart by their dashes. */
const MOST_NAMED = 5;

export interface ParallelPicture {
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
  /** Parameters without an axis. */
  readonly leftOut: number;
}

/** Undefined where nothing varies or nothing has a value. */
export function parallelPicture(swept: SweptReport, metric: string): ParallelPicture | undefined {
  const varied = byImportance(swept.parameters).filter(({ levels }) => levels.length > 1);
  const named = swept.best.filter(({ value }) => value !== null).slice(0, MOST_NAMED);
  if (varied.length === 0 || named.length === 0) return undefined;
  const shown = varied.slice(0, MOST_PARAMETERS).reverse();
  const trials = [...swept.shown, ...named];
  const columns = shown.map((parameter) => columnOf(parameter, trials));
  const valuesOf = (trial: ShownTrial) => [
    ...columns.map(({ placeOf }) => placeOf(trial)),
    trial.value,
  ];
  const isNamed = new Set(named.map(({ index }) => index));
  return {
    axes: [...columns.map(({ axis }) => axis), { name: metric, absent: "no value" }],
    lines: [
      ...swept.shown
        .filter(({ index }) => !isNamed.has(index))
        .map((trial) => ({ values: valuesOf(trial) })),
      ...named.map((trial, i) => ({ values: valuesOf(trial), label: String(i + 1) })),
    ],
    leftOut: varied.length - shown.length,
  };
}

function columnOf({ name, levels }: ParameterReport, trials: readonly ShownTrial[]) {
  const axis = { name, absent: "not set" };
  const has = ({ params }: ShownTrial) => Object.hasOwn(params, name);
  const isNumbers = levels.every(({ range }) => range !== undefined);
  // Few numbers stand side by side, as words do, whatever lies between them.
  if (isNumbers && levels.some(({ range }) => range![0] !== range![1])) {
    const placeOf = (trial: ShownTrial) => (has(trial) ? (trial.params[name] as number) : null);
    return { axis, placeOf };
  }
  const texts = new Map(
    trials.filter(has).map(({ params }) => [canonicalJson(params[name]), valueText(params[name])]),
  );
  const order = levels.map(({ label }) => label);
  const keys = [...texts.keys()].sort(
    (a, b) => order.indexOf(texts.get(a)!) - order.indexOf(texts.get(b)!),
  );
  const placeOf = (trial: ShownTrial) =>
    has(trial) ? keys.indexOf(canonicalJson(trial.params[name])) : null;
  return { axis: { ...axis, choices: keys.map((key) => texts.get(key)!) }, placeOf };
}
