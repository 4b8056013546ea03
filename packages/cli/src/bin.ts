#!/usr/bin/env node
// The command line: yargs and nothing else. A command is one file in commands/ and is loaded when
// it is called, so that help and mistakes answer at once.

import { readFileSync } from "node:fs";
import yargs, { type Options } from "yargs";
import { hideBin } from "yargs/helpers";

const { version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string };

// A reader that has seen enough (`clab data ... | head`) closes the pipe; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const text = (describe: string) => ({ type: "string", requiresArg: true, describe }) as const;
const count = (describe: string) => ({ type: "number", requiresArg: true, describe }) as const;
const flag = (describe: string) => ({ type: "boolean", default: false, describe }) as const;

const runtime = {
  choices: ["node", "deno", "chrome"],
  default: "node",
  requiresArg: true,
  describe: "where a WebGPU engine runs",
} as const;

const RUN = {
  seeds: count("training seeds, instead of the spec's"),
  "data-seeds": count("data seeds, instead of the spec's"),
  engine: {
    choices: ["auto", "webgpu", "tfjs", "cpu"],
    default: "auto",
    requiresArg: true,
    describe: "auto: a real GPU that passes the self-check, else cpu",
  },
  runtime,
  "export-json": text("write the report to this file too"),
  "export-markdown": text("the same as Markdown"),
  "export-html": text("the same as one HTML file"),
  probe: text("measure more than loss and accuracy: all, or names as in docs/probes.md"),
  "export-curves": text("learning curves, a line per run and epoch, to this CSV or Parquet file"),
  "export-probes": text("everything measured, one number per line, to this CSV file"),
  "trace-dispatches": text("what a WebGPU engine launches, a line per dispatch, to this file"),
  out: { ...text("where run folders go"), default: "runs" },
  resume: flag("go on with an interrupted run instead of starting over"),
  quiet: flag("no progress and no notes on stderr"),
} as const satisfies Record<string, Options>;

/** How a table is read. */
const TABLE = {
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
} as const satisfies Record<string, Options>;

const INSPECT = {
  ...TABLE,
  json: flag("the same as JSON"),
  ascii: flag("plots in ASCII"),
  "export-json": text("everything as JSON, to this file"),
  "export-html": text("the same as one HTML file, with a plot of each column"),
  quiet: RUN.quiet,
} as const satisfies Record<string, Options>;

const DIAGNOSE = {
  ...TABLE,
  spec: text("a spec whose network is trained on the table"),
  model: text("a Keras model (.keras, .h5, to_json(), model.json) that is trained on the table"),
  epochs: count("of the model's training, 100 without it"),
  "batch-size": count("of the model's training, 32 without it"),
  "learning-rate": count("instead of what the model was compiled with"),
  "initial-weights": {
    type: "boolean",
    describe: "start every network from the model's weights, not from fresh ones",
  },
  loss: text("the same, such as binaryCrossentropy"),
  optimizer: text("the same, such as adam"),
  variant: text("of the spec; its first without it"),
  log: text("judge what Keras printed, in this file or - for stdin, instead of training"),
  classes: count("of the log; 2 without it"),
  seeds: count("training seeds of every network, 16 without it"),
  engine: RUN.engine,
  runtime,
  reporter: {
    choices: ["default", "json", "markdown", "junit", "github"],
    default: "default",
    requiresArg: true,
    describe: "what goes to stdout",
  },
  "fail-on": text("exit with 1 on: error, warning, note, cause, or the id of a cause"),
  "export-json": RUN["export-json"],
  "export-markdown": RUN["export-markdown"],
  "export-html": RUN["export-html"],
  "export-spec": text("the corrected spec, as YAML or JSON"),
  "export-keras": text("the corrected network as Keras code"),
  "export-patch": text("what to change in the spec, as a unified diff"),
  out: RUN.out,
  quiet: RUN.quiet,
} as const satisfies Record<string, Options>;

const CONVERT = {
  data: text("a table that a model is for"),
  target: DIAGNOSE.target,
  features: DIAGNOSE.features,
  drop: DIAGNOSE.drop,
  categorical: DIAGNOSE.categorical,
  missing: DIAGNOSE.missing,
  separator: DIAGNOSE.separator,
  epochs: DIAGNOSE.epochs,
  "batch-size": DIAGNOSE["batch-size"],
  "learning-rate": DIAGNOSE["learning-rate"],
  loss: DIAGNOSE.loss,
  optimizer: DIAGNOSE.optimizer,
  "initial-weights": {
    type: "boolean",
    describe: "a spec whose networks start from the model's weights",
  },
  spec: text("the spec that a sweep varies"),
  variant: text("of a spec, where one network is written"),
} as const satisfies Record<string, Options>;

const INIT = {
  data: text("a table: CSV or TSV"),
  target: DIAGNOSE.target,
  model: text("a file with a network, instead of what a beginner would write"),
  epochs: DIAGNOSE.epochs,
  yes: flag("ask nothing, and take the usual for what is not given"),
  force: flag("write over a file of that name"),
} as const satisfies Record<string, Options>;

const EXPORT = {
  variant: text("needed when the spec has several"),
  seed: { ...count("training seed of the network"), default: 0 },
  quiet: RUN.quiet,
} as const satisfies Record<string, Options>;

const VERIFY = {
  engine: { choices: ["cpu", "webgpu", "tfjs"], default: "cpu", requiresArg: true },
  precision: {
    choices: ["float32", "float64"],
    default: "float32",
    requiresArg: true,
    describe: "of the cpu engine; WebGPU computes in float32",
  },
  runtime,
  json: flag("the table as JSON"),
} as const satisfies Record<string, Options>;

const DATA = {
  variant: text("needed when the spec has several"),
  part: { choices: ["train", "test"], default: "train", requiresArg: true },
  format: { choices: ["csv", "npz", "json"], default: "csv", requiresArg: true },
  "data-seed": { ...count("added to the seeds of generator and split"), default: 0 },
  out: text("a file instead of stdout"),
} as const satisfies Record<string, Options>;

const EVALUATE = {
  engine: RUN.engine,
  runtime,
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
  "export-json": text("cases and totals as JSON"),
  "export-markdown": text("the same as a table"),
  quiet: RUN.quiet,
} as const satisfies Record<string, Options>;

const DOCTOR = { json: flag("the same as JSON") } as const satisfies Record<string, Options>;

const LIST_CHECKS = { json: flag("the same as JSON") } as const satisfies Record<string, Options>;

const BENCH = {
  engine: { choices: ["webgpu", "cpu"], default: "webgpu", requiresArg: true },
  runtime,
  quick: flag("fewer sizes and rounds, about a minute and a half at most"),
  only: text("only operations with this in their name, such as gemm-dx or 20-64-32-1"),
  json: text("write the result to this file too"),
} as const satisfies Record<string, Options>;

const BENCH_COMPARE = {
  "export-html": text("the table and a plot as one HTML file"),
} as const satisfies Record<string, Options>;

const SWEEP = {
  set: {
    type: "string",
    requiresArg: true,
    coerce: (value: string | string[]) => [value].flat(),
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
  shard: text("the part i/n that this process trains; auto: what the scheduler says"),
  out: RUN.out,
  retry: {
    choices: ["failed", "all"],
    requiresArg: true,
    describe: "train failed chunks again, or everything",
  },
  fresh: flag("start over, whatever the folder holds"),
  plan: flag("print every trial as a line of JSON, and train none"),
  engine: RUN.engine,
  runtime,
  json: flag("the result as JSON"),
  quiet: RUN.quiet,
} as const satisfies Record<string, Options>;

const MERGE = {
  out: { ...text("the folder of the whole"), demandOption: true },
  json: SWEEP.json,
  quiet: RUN.quiet,
} as const satisfies Record<string, Options>;

const OPTIONS = {
  ...RUN,
  ...INSPECT,
  ...DIAGNOSE,
  ...CONVERT,
  ...INIT,
  ...EXPORT,
  ...EVALUATE,
  ...VERIFY,
  ...DATA,
  ...DOCTOR,
  ...BENCH,
  ...BENCH_COMPARE,
  ...SWEEP,
};

const program = yargs(hideBin(process.argv))
  .scriptName("clab")
  .version(version)
  .locale("en")
  .usage("$0 <command>\n\nWhy does my classification network fail to converge, and what fixes it?")
  .command(
    "diagnose [data]",
    "Say why a network does not converge, and prove what fixes it",
    (command) =>
      command
        .positional("data", {
          type: "string",
          coerce: pathOrStdin,
          describe: "a table, - for stdin, or a spec with data",
        })
        .options(DIAGNOSE)
        .example("$0 diagnose wine.csv --target class", "")
        .example("$0 diagnose wine.csv --target class --spec mine.yaml --export-patch fix.diff", "")
        .example("$0 diagnose wine.csv --target class --model mine.keras --epochs 50", "")
        .example("$0 diagnose examples/article-1.yaml --fail-on cause", "")
        .example("$0 diagnose --log keras.txt --classes 10", ""),
    async (options) => {
      const { diagnose } = await import("./commands/diagnose.ts");
      process.exitCode = await diagnose(options);
    },
  )
  .command(
    "inspect <data>",
    "Show what a table holds: columns, types, gaps, classes, correlations",
    (command) =>
      command
        .positional("data", {
          type: "string",
          demandOption: true,
          coerce: pathOrStdin,
          describe: "a table, or - for stdin",
        })
        .options(INSPECT)
        .example("$0 inspect wine.csv --target class", "")
        .example("$0 inspect train.parquet --export-html train.html", ""),
    async ({ data = "", ...options }) => {
      const { inspect } = await import("./commands/inspect.ts");
      process.exitCode = await inspect({ ...options, data });
    },
  )
  .command(
    "run <specs..>",
    "Train every variant over many seeds and judge the claims",
    (command) =>
      command
        .positional("specs", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "YAML or JSON files",
        })
        .options(RUN)
        .example("$0 run examples/article-1.yaml", "")
        .example("$0 run spec.yaml --seeds 100 --export-html report.html", "")
        .example("$0 run spec.yaml --engine webgpu --runtime chrome", ""),
    async (options) => {
      const { run } = await import("./commands/run.ts");
      process.exitCode = await run(options);
    },
  )
  .command(
    "sweep <file>",
    "Train a network in many settings, resumable and in shards",
    (command) =>
      command
        .positional("file", { type: "string", demandOption: true, describe: "a spec, or a sweep" })
        .options(SWEEP)
        .example('$0 sweep spec.yaml --set "train.learningRate=log(1e-4,1,7)" --seeds 5', "")
        .example("$0 sweep sweep.yaml --shard 3/8", "")
        .example("$0 sweep spec.yaml --preset lr-range", ""),
    async ({ file = "", ...options }) => {
      const { sweep } = await import("./commands/sweep.ts");
      process.exitCode = await sweep({ ...options, file });
    },
  )
  .command(
    "merge <folders..>",
    "Make one folder of a sweep's shards",
    (command) =>
      command
        .positional("folders", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "folders of one sweep, or folders that hold them",
        })
        .options(MERGE)
        .example("$0 merge runs/lr-1b2c3d4e-shard-* --out runs/lr", ""),
    async (options) => {
      const { merge } = await import("./commands/merge.ts");
      process.exitCode = await merge(options);
    },
  )
  .command(
    "init [output]",
    "Write a first spec, with comments",
    (command) =>
      command
        .positional("output", { type: "string", describe: "the spec; <table>.yaml without it" })
        .options(INIT)
        .example("$0 init", "")
        .example("$0 init wine.yaml --data wine.csv --target class --yes", ""),
    async (options) => {
      const { init } = await import("./commands/init.ts");
      process.exitCode = await init(options);
    },
  )
  .command(
    "convert <input> <output>",
    "A network from one form into another, without training",
    (command) =>
      command
        .positional("input", {
          type: "string",
          demandOption: true,
          describe:
            "a spec, .keras, .h5, to_json(), model.json, MLPClassifier's get_params(), a sweep",
        })
        .positional("output", {
          type: "string",
          demandOption: true,
          describe: ".yaml, .py, .keras, .json (to_json()), or model.json",
        })
        .options(CONVERT)
        .example("$0 convert mine.keras mine.yaml --data wine.csv --target class", "")
        .example("$0 convert mine.yaml mine.py", "")
        .example("$0 convert sweep.yaml variants.yaml --spec mine.yaml", ""),
    async (options) => {
      const { convert } = await import("./commands/convert.ts");
      process.exitCode = await convert(options);
    },
  )
  .command(
    "export <spec> <outputs..>",
    "Train one network and write it, or its answers",
    (command) =>
      command
        .positional("spec", { type: "string", demandOption: true, describe: "YAML or JSON file" })
        .positional("outputs", {
          type: "string",
          array: true,
          demandOption: true,
          describe: ".keras, model.json; .csv or .parquet with its answers to every row",
        })
        .options(EXPORT)
        .example("$0 export mine.yaml trained.keras answers.csv --seed 3", ""),
    async (options) => {
      const { exportNetwork } = await import("./commands/export.ts");
      process.exitCode = await exportNetwork(options);
    },
  )
  .command(
    "evaluate <cases..>",
    "Diagnose networks whose faults are known, and count how often it is right",
    (command) =>
      command
        .positional("cases", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "files of benchmark cases; catalogue, injected, injected-all: what is built in",
        })
        .options(EVALUATE)
        .example("$0 evaluate catalogue --export-json doctor.json", "")
        .example("$0 evaluate cases.json --only at-circle", ""),
    async (options) => {
      const { evaluate } = await import("./commands/evaluate.ts");
      process.exitCode = await evaluate(options);
    },
  )
  .command(
    "report <run>",
    "Write the report of a saved run again, without training",
    (command) =>
      command
        .positional("run", { type: "string", demandOption: true, describe: "a run folder" })
        .example("$0 report runs/article-1-1b2c3d4e", ""),
    async (options) => {
      const { report } = await import("./commands/report.ts");
      process.exitCode = await report(options.run);
    },
  )
  .command(
    "verify <file>",
    "Replay recorded training steps: is it my model or the back end?",
    (command) =>
      command
        .positional("file", { type: "string", demandOption: true, describe: "JSON of the steps" })
        .options(VERIFY)
        .example("$0 verify training-steps.json --engine webgpu", ""),
    async (options) => {
      const { verify } = await import("./commands/verify.ts");
      process.exitCode = await verify(options);
    },
  )
  .command(
    "data <spec>",
    "Write a variant's dataset as its network sees it",
    (command) =>
      command
        .positional("spec", { type: "string", demandOption: true, describe: "YAML or JSON file" })
        .options(DATA)
        .example("$0 data spec.yaml --variant deep --format npz --out deep.npz", ""),
    async (options) => {
      const { data } = await import("./commands/data.ts");
      process.exitCode = await data(options);
    },
  )
  .command(
    "list-checks",
    "List every check, with what it looks for",
    (command) => command.options(LIST_CHECKS),
    async (options) => {
      const { listChecks } = await import("./commands/list-checks.ts");
      process.exitCode = await listChecks(options);
    },
  )
  .command(
    "explain <id>",
    "Tell more of a cause or a check",
    (command) =>
      command
        .positional("id", { type: "string", demandOption: true, describe: "as a report names it" })
        .example("$0 explain dead-units", ""),
    async (options) => {
      const { explain } = await import("./commands/explain.ts");
      process.exitCode = await explain(options.id);
    },
  )
  .command(
    "doctor",
    "Show runtimes, adapters, their limits, and the self-check of each",
    (command) => command.options(DOCTOR),
    async (options) => {
      const { doctor } = await import("./commands/doctor.ts");
      process.exitCode = await doctor(options);
    },
  )
  .command(
    "bench",
    "Measure the kernels on this machine's adapter, or compare results",
    (command) =>
      command
        .command(
          "compare <files..>",
          "Set results of --json side by side",
          (compare) =>
            compare
              .positional("files", { type: "string", array: true, demandOption: true })
              .options(BENCH_COMPARE)
              .example("$0 bench compare a.json b.json --export-html gpus.html", ""),
          async (options) => {
            const { benchCompare } = await import("./commands/bench-compare.ts");
            process.exitCode = await benchCompare(options);
          },
        )
        .options(BENCH)
        .example("$0 bench --quick", "")
        .example("$0 bench --runtime chrome --json my-gpu.json", ""),
    async (options) => {
      const { bench } = await import("./commands/bench.ts");
      process.exitCode = await bench(options);
    },
  )
  .demandCommand(1, 1, "Name a command; `clab --help` lists them.")
  .strict()
  .recommendCommands()
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .check((values) => {
    const repeated = Object.keys(OPTIONS).find(
      (name) => name !== "set" && Array.isArray(values[name]),
    );
    if (repeated !== undefined) throw new UsageError(`--${repeated} is given more than once.`);
    return true;
  })
  .fail((message, error) => {
    throw error ?? new UsageError(message);
  });

/** yargs takes "-" for an option without a name, and hands on an empty text (yargs-parser 22). */
function pathOrStdin(path: string | undefined): string | undefined {
  return path === "" && process.argv.includes("-") ? "-" : path;
}

/** Arguments that do not fit, as yargs words it. */
class UsageError extends Error {
  override readonly name = "YError";
}

try {
  await program.parseAsync();
} catch (error) {
  const { reportError } = await import("./report-error.ts");
  process.exitCode = reportError(error, Object.keys(OPTIONS));
}
