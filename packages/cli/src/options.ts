// Every option of every command, in groups as the help shows them.

import type { Options } from "yargs";
import { grouped } from "./command-line.ts";
import { RUNTIMES, runtimeHere } from "./runners/runner.ts";

type Table = Readonly<Record<string, Options>>;

const text = (describe: string) => ({ type: "string", requiresArg: true, describe }) as const;
const count = (describe: string) => ({ type: "number", requiresArg: true, describe }) as const;
const flag = (describe: string) => ({ type: "boolean", default: false, describe }) as const;

const QUIET = { quiet: flag("no progress and no notes on stderr") } as const;
const OUT = { out: { ...text("where run folders go"), default: "runs" } } as const;
const JSON_OUT = { json: flag("the same as JSON") } as const;

/** Who trains. */
const ENGINE = grouped("Engine:", {
  engine: {
    choices: ["auto", "webgpu", "tfjs", "cpu"],
    default: "auto",
    requiresArg: true,
    describe: "auto: a real GPU that passes the self-check, else cpu",
  },
  runtime: {
    ...text(`where WebGPU runs: ${RUNTIMES.join(", ")}; chrome*2 or node,deno for two at once`),
    defaultDescription: runtimeHere(),
  },
  "browser-url": text("a Chrome with --remote-debugging-port, such as http://127.0.0.1:9222"),
} as const satisfies Table);

const ONE_RUNTIME = {
  runtime: {
    choices: RUNTIMES,
    default: runtimeHere(),
    requiresArg: true,
    describe: "where a WebGPU engine runs",
  },
} as const;

const REPORT_FILES = {
  "export-json": text("write the report to this file too"),
  "export-markdown": text("the same as Markdown"),
  "export-html": text("the same as one HTML file"),
} as const;

export const RUN = {
  ...grouped("Training:", {
    seeds: count("training seeds, instead of the spec's"),
    "data-seeds": count("data seeds, instead of the spec's"),
    probe: text("measure more than loss and accuracy: all, or names as in docs/probes.md"),
    resume: flag("go on with an interrupted run instead of starting over"),
  }),
  ...ENGINE,
  ...grouped("Output:", {
    json: flag("the report on stdout as JSON"),
    ...REPORT_FILES,
    "export-curves": text("learning curves, a line per run and epoch, to this CSV or Parquet file"),
    "export-probes": text("everything measured, one number per line, to this CSV file"),
    "trace-dispatches": text("what a WebGPU engine launches, a line per dispatch, to this file"),
    ...OUT,
    ...QUIET,
  }),
} as const satisfies Table;

/** How a table is read. */
const TABLE = grouped("Table:", {
  target: text("the column that holds the classes"),
  features: text("the columns to learn from, with commas between; all others without it"),
  drop: text("columns to leave out"),
  groups: text("the column of groups, whose rows stay on one side of a split"),
  categorical: text("columns that hold categories: colour,grade:ordinal"),
  missing: text('text that stands for a missing value: "NA,?"'),
  separator: text("between two cells, \\t for a tab; it is guessed without it"),
  decimal: {
    choices: [".", ","],
    requiresArg: true,
    describe: "the sign before fractions; a comma in columns without a point, without it",
  },
  encoding: text("of text: windows-1252, shift_jis, ...; found without it"),
} as const satisfies Table);

export const INSPECT = {
  ...TABLE,
  ...grouped("Output:", {
    ...JSON_OUT,
    ascii: flag("plots in ASCII"),
    "export-json": text("everything as JSON, to this file"),
    "export-html": text("the same as one HTML file, with a plot of each column"),
    ...QUIET,
  }),
} as const satisfies Table;

/** How a model that a file does not say is trained. */
const MODEL_TRAINING = grouped("Network:", {
  epochs: count("of the model's training, 100 without it"),
  "batch-size": count("of the model's training, 32 without it"),
  "learning-rate": count("instead of what the model was compiled with"),
  loss: text("the same, such as binaryCrossentropy"),
  optimizer: text("the same, such as adam"),
} as const satisfies Table);

export const DIAGNOSE = {
  ...TABLE,
  ...grouped("Network:", {
    spec: text("a spec whose network is trained on the table"),
    variant: text("of the spec; its first without it"),
    model: text("a Keras model (.keras, .h5, to_json(), model.json) that is trained on the table"),
    ...MODEL_TRAINING,
    "initial-weights": {
      type: "boolean",
      describe: "start every network from the model's weights, not from fresh ones",
    },
    log: text("judge what Keras printed, in this file or - for stdin, instead of training"),
    classes: count("of the log; 2 without it"),
    seeds: count("training seeds of every network, 16 without it"),
  } as const satisfies Table),
  ...ENGINE,
  ...grouped("Output:", {
    reporter: {
      choices: ["default", "json", "markdown", "junit", "github"],
      default: "default",
      requiresArg: true,
      describe: "what goes to stdout",
    },
    json: flag("the same as --reporter json"),
    "fail-on": text("exit with 1 on: error, warning, note, cause, or the id of a cause"),
    ...REPORT_FILES,
    "export-spec": text("the corrected spec, as YAML or JSON"),
    "export-keras": text("the corrected network as Keras code"),
    "export-patch": text("what to change in the spec, as a unified diff"),
    ...OUT,
    ...QUIET,
  } as const satisfies Table),
} as const satisfies Table;

export const CONVERT = {
  ...grouped("Table:", {
    data: text("a table that a model is for"),
    target: TABLE.target,
    features: TABLE.features,
    drop: TABLE.drop,
    categorical: TABLE.categorical,
    missing: TABLE.missing,
    separator: TABLE.separator,
  }),
  ...MODEL_TRAINING,
  ...grouped("Network:", {
    "initial-weights": {
      type: "boolean",
      describe: "a spec whose networks start from the model's weights",
    },
    spec: text("the spec that a sweep varies"),
    variant: text("of a spec, where one network is written"),
  } as const satisfies Table),
} as const satisfies Table;

export const INIT = {
  data: text("a table: CSV or TSV"),
  target: text("the column that holds the classes"),
  model: text("a file with a network, instead of what a beginner would write"),
  epochs: count("of the model's training, 100 without it"),
  yes: flag("ask nothing, and take the usual for what is not given"),
  force: flag("write over a file of that name"),
} as const satisfies Table;

export const EXPORT = {
  variant: text("needed when the spec has several"),
  seed: { ...count("training seed of the network"), default: 0 },
  ...QUIET,
} as const satisfies Table;

export const VERIFY = {
  engine: {
    choices: ["cpu", "webgpu", "tfjs"],
    default: "cpu",
    requiresArg: true,
    describe: "what replays the steps",
  },
  precision: {
    choices: ["float32", "float64"],
    default: "float32",
    requiresArg: true,
    describe: "of the cpu engine; WebGPU computes in float32",
  },
  ...ONE_RUNTIME,
  json: flag("the table as JSON"),
} as const satisfies Table;

export const DATA = {
  variant: text("needed when the spec has several"),
  part: {
    choices: ["train", "test"],
    default: "train",
    requiresArg: true,
    describe: "of the split",
  },
  format: {
    choices: ["csv", "npz", "json"],
    default: "csv",
    requiresArg: true,
    describe: "of what is written",
  },
  "data-seed": { ...count("added to the seeds of generator and split"), default: 0 },
  out: text("a file instead of stdout"),
} as const satisfies Table;

export const EVALUATE = {
  seeds: count("training seeds of every diagnosis, and of judging it; absent: 16"),
  only: text("only cases with this in their id; several with commas between them"),
  tables: {
    ...text("the folder of the tables that injected puts faults into"),
    default: "test-fixtures/data",
  },
  against: {
    choices: ["random"],
    requiresArg: true,
    describe: "also random search over the same changes, at as many model-steps",
  },
  ...ENGINE,
  ...grouped("Output:", {
    json: flag("cases and totals on stdout as JSON"),
    "export-json": text("cases and totals as JSON"),
    "export-markdown": text("the same as a table"),
    ...QUIET,
  }),
} as const satisfies Table;

/** Where chunks of sweeps wait. */
const QUEUE_URL = text(
  "the queue: redis://host:6379, or rediss://user:password@host with TLS; $CLAB_QUEUE",
);

/** Of commands that are about a queue. */
const QUEUE = { queue: { ...QUEUE_URL, demandOption: true } } as const;

export const SWEEP = {
  ...grouped("Trials:", {
    set: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "vary this: train.learningRate=log(1e-4,1,7); may be given more than once",
    },
    preset: {
      choices: ["lr-range", "k-fold"],
      requiresArg: true,
      describe: "a ready-made sweep: learning rates, or the folds of a cross-validation",
    },
    method: {
      choices: ["grid", "random", "halving"],
      requiresArg: true,
      describe: "how values are combined; halving draws, and stops the worse trials early",
    },
    metric: text("what trials are compared by: loss, accuracy, val_loss, val_accuracy"),
    "run-cap": count("most trials; without it all of a grid, 20 draws"),
    seeds: count("training seeds of every trial, instead of the spec's"),
    seed: count("of the draws, 0 without it"),
    chunk: count("most networks that train as one population"),
    name: text("of the sweep, instead of the spec's"),
    spec: text("the spec that a sweep varies"),
    variant: text("of a spec with several, the one that is varied"),
  } as const satisfies Table),
  ...grouped("Work:", {
    shard: text("the part i/n that this process trains; auto: what the scheduler says"),
    queue: QUEUE_URL,
    retry: {
      choices: ["failed", "all"],
      requiresArg: true,
      describe: "train failed chunks again, or everything",
    },
    fresh: flag("start over, whatever the folder holds"),
    plan: flag("print every trial as a line of JSON, and train none"),
  } as const satisfies Table),
  ...ENGINE,
  ...grouped("Output:", { json: flag("the result as JSON"), ...OUT, ...QUIET } as const),
} as const satisfies Table;

export const MERGE = {
  out: { ...text("the folder of the whole"), demandOption: true },
  json: flag("the result as JSON"),
  ...QUIET,
} as const satisfies Table;

export const WORKER = {
  ...QUEUE,
  "lock-seconds": {
    ...count("how long this worker may be silent before its chunk is given to another"),
    default: 60,
  },
  "until-empty": flag("end when the queue is empty, instead of waiting for more"),
  ...ENGINE,
  ...QUIET,
} as const satisfies Table;

export const STATUS = { ...QUEUE, ...JSON_OUT } as const satisfies Table;

export const REPORT = {
  json: flag("the report on stdout as JSON"),
  ...REPORT_FILES,
  "export-csv": text("of sweeps, a line per trial and network, to this .csv or .parquet file"),
  "export-curves": text("learning curves, a line per trial or run and epoch, to such a file"),
  "export-mlflow": text("of sweeps, a run per trial, into this folder as MLflow's mlruns"),
} as const satisfies Table;

export const DOCTOR = JSON_OUT;

export const LIST_CHECKS = JSON_OUT;

export const BENCH = {
  engine: {
    choices: ["webgpu", "cpu"],
    default: "webgpu",
    requiresArg: true,
    describe: "whose kernels are measured",
  },
  ...ONE_RUNTIME,
  quick: flag("fewer sizes and rounds, about a minute and a half at most"),
  only: text("only operations with this in their name, such as gemm-dx or 20-64-32-1"),
  json: text("write the result to this file too"),
} as const satisfies Table;

export const BENCH_COMPARE = {
  "export-html": text("the table and a plot as one HTML file"),
} as const satisfies Table;

/** The options of every command, by its name. */
export const OPTIONS_OF: Readonly<Record<string, Table>> = {
  diagnose: DIAGNOSE,
  inspect: INSPECT,
  run: RUN,
  sweep: SWEEP,
  merge: MERGE,
  init: INIT,
  convert: CONVERT,
  export: EXPORT,
  evaluate: EVALUATE,
  worker: WORKER,
  status: STATUS,
  report: REPORT,
  verify: VERIFY,
  data: DATA,
  "list-checks": LIST_CHECKS,
  explain: {},
  doctor: DOCTOR,
  bench: { ...BENCH, ...BENCH_COMPARE },
  completion: {},
};

/** Names that are flags of some command. */
export const FLAGS: ReadonlySet<string> = new Set(
  Object.values(OPTIONS_OF).flatMap((table) =>
    Object.keys(table).filter((name) => table[name].type === "boolean"),
  ),
);
