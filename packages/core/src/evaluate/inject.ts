// Fault injection: known faults, each at two strengths, put into networks that are healthy on real
// tables. What comes out are cases in the benchmark's form: the faulty network, its root fault, and
// as the fix the way back.

import { RandomState } from "../dataset/numpy/random-state.ts";
import {
  type BenchmarkCase,
  type BenchmarkCaseInput,
  benchmarkCaseSchema,
} from "./benchmark-case.ts";
import { FAULTS, type Fault, type Subject } from "./injected-faults.ts";

/** A real table as numbers: categories as 0 and 1, missing cells as null, labels as class indices. */
export interface InjectionTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly number[];
}

/** Rows of the test part, as a share. */
const TEST_SHARE = 0.3;
/** Of the order in which rows are dealt to both parts. */
const ORDER_SEED = 42;

/**
 * The healthy networks as controls, and the faults. All faults into all tables are some 300 cases; by
 * default each fault at each strength goes into one table, the next one each time.
 */
export function injectedCases(
  tables: readonly InjectionTable[],
  { all = false }: { readonly all?: boolean } = {},
): BenchmarkCase[] {
  const subjects = tables.map(healthySubject);
  const controls = subjects.map(({ healthy }) =>
    benchmarkCaseSchema.parse({
      ...healthy,
      faults: [{ code: "NONE", severity: "root" }],
      control: true,
    }),
  );
  let turn = 0;
  const faulty = FAULTS.flatMap((fault) =>
    fault.strengths.flatMap((_, strength) => {
      const possible = subjects.filter((subject) => madeOf(fault, strength, subject) !== undefined);
      const chosen = all ? possible : possible.slice(turn % possible.length).slice(0, 1);
      if (chosen.length > 0) turn++;
      return chosen.map((subject) => madeOf(fault, strength, subject)!);
    }),
  );
  return [...controls, ...faulty];
}

function madeOf(fault: Fault, strength: number, subject: Subject): BenchmarkCase | undefined {
  const change = fault.strengths[strength](subject);
  if (change === undefined) return undefined;
  const { healthy } = subject;
  const way = ["mild", "strong"][strength];
  const undone = Object.keys(change).map((set) => ({
    set,
    value: (healthy as Record<string, unknown>)[set],
  }));
  return benchmarkCaseSchema.parse({
    ...healthy,
    ...change,
    id: `${healthy.id.replace("healthy-", "")}-${fault.name}-${way}`,
    title: `${fault.says} (${way}) into a healthy network on ${subject.name}`,
    faults: [
      { code: fault.code, severity: "root" },
      ...(fault.contributing ?? []).map((code) => ({ code, severity: "contributing" })),
    ],
    fix: undone,
    oracleFix: fault.oracle,
  });
}

/** Plain networks that reach what logistic regression and small networks reach on these tables. */
function healthySubject({ name, columns, rows, labels }: InjectionTable): Subject {
  const classes = Math.max(...labels) + 1;
  const order = [...new RandomState(ORDER_SEED).permutation(rows.length)];
  const dealt = order.map((row) => [...rows[row], labels[row]]);
  const test = Math.round(TEST_SHARE * rows.length);
  const hasMissing = rows.some((row) => row.includes(null));
  const isBinary = classes === 2;
  const healthy: BenchmarkCaseInput = {
    id: `healthy-${name}`,
    title: `a healthy network on ${name}`,
    task: isBinary ? "binary" : "multiclass",
    data: {
      generator: "table",
      columns: [...columns, "class"],
      rows: dealt,
      target: isBinary ? "int01" : "onehot",
      split: { train: rows.length - test, val: test, shuffle: false },
    },
    layers: [{ units: 16, activation: "relu", init: "glorot_uniform" }],
    output: isBinary
      ? { units: 1, activation: "sigmoid" }
      : { units: classes, activation: "softmax" },
    loss: isBinary ? "binary_crossentropy" : "categorical_crossentropy",
    optimizer: { name: "adam", lr: 0.005 },
    batch: 32,
    epochs: Math.max(20, Math.min(100, Math.round(20_000 / rows.length))),
    preprocess: hasMissing ? "impute_mean+standardize" : "standardize",
    shuffle: true,
    regularizer: null,
    faults: [],
  };
  return { name, healthy, classes, trainRows: rows.length - test };
}
