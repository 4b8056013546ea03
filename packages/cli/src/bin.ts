#!/usr/bin/env node
// The command line: yargs and nothing else. A command is one file in commands/ and is loaded when
// it is called, so that help and mistakes answer at once.

import { readFileSync } from "node:fs";
import { examplesFirst, UsageError, withEnvironment } from "./command-line.ts";
import * as options from "./options.ts";
import { chooseColor } from "./terminal.ts";
import yargs, { hideBin } from "./yargs.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string };

// A reader that has seen enough (`clab data ... | head`) closes the pipe; that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const args = hideBin(process.argv);

// yargs writes the script for the shell that one is in; `clab completion fish` is for another.
if (args[0] === "completion" && args[1] !== undefined) {
  const [shell] = args.splice(1);
  process.env.SHELL = shell;
}

const fromEnvironment = <O extends Parameters<typeof withEnvironment>[0]>(table: O): O =>
  withEnvironment(table, process.env, options.FLAGS);

const program = yargs()
  .scriptName("clab")
  .version(version)
  .locale("en")
  .usage("$0 <command>\n\nWhy does my classification network fail to converge, and what fixes it?")
  .example("$0 diagnose wine.csv --target class", "a table of your own")
  .example("$0 run examples/article-1.yaml", "an experiment")
  .example("$0 explain unscaled-features", "a word of a report")
  .option("color", {
    type: "boolean",
    describe: "colour, or none; without it NO_COLOR, FORCE_COLOR and the terminal decide",
  })
  .middleware(({ color }) => chooseColor(color), true)
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
        .options(fromEnvironment(options.DIAGNOSE))
        .example("$0 diagnose wine.csv --target class", "")
        .example("$0 diagnose wine.csv --target class --spec mine.yaml --export-patch fix.diff", "")
        .example("$0 diagnose wine.csv --target class --model mine.keras --epochs 50", "")
        .example("$0 diagnose examples/article-1.yaml --fail-on cause", "")
        .example("$0 diagnose --log keras.txt --classes 10", ""),
    async (given) => {
      const { diagnose } = await import("./commands/diagnose.ts");
      const reporter = given.json ? "json" : given.reporter;
      process.exitCode = await diagnose({ ...given, reporter });
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
        .options(fromEnvironment(options.INSPECT))
        .example("$0 inspect wine.csv --target class", "")
        .example("$0 inspect train.parquet --export-html train.html", ""),
    async ({ data = "", ...given }) => {
      const { inspect } = await import("./commands/inspect.ts");
      process.exitCode = await inspect({ ...given, data });
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
        .options(fromEnvironment(options.RUN))
        .example("$0 run examples/article-1.yaml", "")
        .example("$0 run spec.yaml --seeds 100 --export-html report.html", "")
        .example("$0 run spec.yaml --engine webgpu --runtime chrome*2", ""),
    async (given) => {
      const { run } = await import("./commands/run.ts");
      process.exitCode = await run(given);
    },
  )
  .command(
    "sweep <file>",
    "Train a network in many settings, resumable and in shards",
    (command) =>
      command
        .positional("file", { type: "string", demandOption: true, describe: "a spec, or a sweep" })
        .options(fromEnvironment(options.SWEEP))
        .example('$0 sweep spec.yaml --set "train.learningRate=log(1e-4,1,7)" --seeds 5', "")
        .example("$0 sweep sweep.yaml --shard 3/8", "")
        .example("$0 sweep sweep.yaml --queue redis://host:6379", "")
        .example("$0 sweep spec.yaml --preset lr-range", ""),
    async ({ file = "", ...given }) => {
      const { sweep } = await import("./commands/sweep.ts");
      process.exitCode = await sweep({ ...given, file });
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
        .options(fromEnvironment(options.MERGE))
        .example("$0 merge runs/lr-1b2c3d4e-shard-* --out runs/lr", ""),
    async (given) => {
      const { merge } = await import("./commands/merge.ts");
      process.exitCode = await merge(given);
    },
  )
  .command(
    "init [output]",
    "Write a first spec, with comments",
    (command) =>
      command
        .positional("output", { type: "string", describe: "the spec; <table>.yaml without it" })
        .options(fromEnvironment(options.INIT))
        .example("$0 init", "")
        .example("$0 init wine.yaml --data wine.csv --target class --yes", ""),
    async (given) => {
      const { init } = await import("./commands/init.ts");
      process.exitCode = await init(given);
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
        .options(fromEnvironment(options.CONVERT))
        .example("$0 convert mine.keras mine.yaml --data wine.csv --target class", "")
        .example("$0 convert mine.yaml mine.py", "")
        .example("$0 convert sweep.yaml variants.yaml --spec mine.yaml", ""),
    async (given) => {
      const { convert } = await import("./commands/convert.ts");
      process.exitCode = await convert(given);
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
        .options(fromEnvironment(options.EXPORT))
        .example("$0 export mine.yaml trained.keras answers.csv --seed 3", ""),
    async (given) => {
      const { exportNetwork } = await import("./commands/export.ts");
      process.exitCode = await exportNetwork(given);
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
        .options(fromEnvironment(options.EVALUATE))
        .example("$0 evaluate catalogue --export-json doctor.json", "")
        .example("$0 evaluate cases.json --only at-circle", ""),
    async (given) => {
      const { evaluate } = await import("./commands/evaluate.ts");
      process.exitCode = await evaluate(given);
    },
  )
  .command(
    "worker",
    "Train chunks of sweeps that wait in a queue",
    (command) =>
      command
        .options(fromEnvironment(options.WORKER))
        .example("$0 worker --queue redis://host:6379", "")
        .example("$0 worker --queue rediss://host:6379 --runtime chrome*2", "")
        .example("CLAB_QUEUE=rediss://:password@host:6379 $0 worker --until-empty", ""),
    async (given) => {
      const { worker } = await import("./commands/worker.ts");
      process.exitCode = await worker(given);
    },
  )
  .command(
    "status",
    "Show what a queue holds and who works on it",
    (command) =>
      command
        .options(fromEnvironment(options.STATUS))
        .example("$0 status --queue redis://host:6379", "")
        .example("$0 status --queue redis://host:6379 --json", ""),
    async (given) => {
      const { status } = await import("./commands/status.ts");
      process.exitCode = await status(given);
    },
  )
  .command(
    "report <runs..>",
    "Report a saved run again, or sweeps side by side, without training",
    (command) =>
      command
        .positional("runs", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "a run folder; or folders of sweeps, which are compared",
        })
        .options(fromEnvironment(options.REPORT))
        .example("$0 report runs/article-1-1b2c3d4e", "")
        .example("$0 report runs/lr-1b2c3d4e --export-html lr.html", "what each parameter did")
        .example("$0 report runs/wide-5f6a7b8c runs/deep-9d0e1f2a", "which is best"),
    async (given) => {
      const { report } = await import("./commands/report.ts");
      process.exitCode = await report(given);
    },
  )
  .command(
    "verify <file>",
    "Replay recorded training steps: is it my model or the back end?",
    (command) =>
      command
        .positional("file", { type: "string", demandOption: true, describe: "JSON of the steps" })
        .options(fromEnvironment(options.VERIFY))
        .example("$0 verify training-steps.json --engine webgpu", ""),
    async (given) => {
      const { verify } = await import("./commands/verify.ts");
      process.exitCode = await verify(given);
    },
  )
  .command(
    "data <spec>",
    "Write a variant's dataset as its network sees it",
    (command) =>
      command
        .positional("spec", { type: "string", demandOption: true, describe: "YAML or JSON file" })
        .options(fromEnvironment(options.DATA))
        .example("$0 data spec.yaml --variant deep --format npz --out deep.npz", ""),
    async (given) => {
      const { data } = await import("./commands/data.ts");
      process.exitCode = await data(given);
    },
  )
  .command(
    "list-checks",
    "List every check, with what it looks for",
    (command) =>
      command
        .options(fromEnvironment(options.LIST_CHECKS))
        .example("$0 list-checks", "")
        .example("$0 list-checks --json", ""),
    async (given) => {
      const { listChecks } = await import("./commands/list-checks.ts");
      process.exitCode = await listChecks(given);
    },
  )
  .command(
    "explain <id>",
    "Tell more of a cause or a check",
    (command) =>
      command
        .positional("id", { type: "string", demandOption: true, describe: "as a report names it" })
        .example("$0 explain dead-units", ""),
    async (given) => {
      const { explain } = await import("./commands/explain.ts");
      process.exitCode = await explain(given.id);
    },
  )
  .command(
    "doctor",
    "Show runtimes, adapters, their limits, and the self-check of each",
    (command) =>
      command
        .options(fromEnvironment(options.DOCTOR))
        .example("$0 doctor", "")
        .example("$0 doctor --json", ""),
    async (given) => {
      const { doctor } = await import("./commands/doctor.ts");
      process.exitCode = await doctor(given);
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
              .positional("files", {
                type: "string",
                array: true,
                demandOption: true,
                describe: "what --json wrote",
              })
              .options(fromEnvironment(options.BENCH_COMPARE))
              .example("$0 bench compare a.json b.json --export-html gpus.html", ""),
          async (given) => {
            const { benchCompare } = await import("./commands/bench-compare.ts");
            process.exitCode = await benchCompare(given);
          },
        )
        .options(fromEnvironment(options.BENCH))
        .example("$0 bench --quick", "")
        .example("$0 bench --runtime chrome --json my-gpu.json", ""),
    async (given) => {
      const { bench } = await import("./commands/bench.ts");
      process.exitCode = await bench(given);
    },
  )
  .completion("completion", "Print a script that completes commands and options in your shell")
  .demandCommand(1, 1, "Name a command; `clab --help` lists them.")
  .strict()
  .recommendCommands()
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .check((values) => {
    const tables = Object.values(options.OPTIONS_OF).flatMap((table) => Object.entries(table));
    const repeated = tables.find(([name, { array }]) => !array && Array.isArray(values[name]));
    if (repeated !== undefined) throw new UsageError(`--${repeated[0]} is given more than once.`);
    return true;
  })
  .fail((message, error) => {
    throw error ?? new UsageError(message);
  });

/** yargs takes "-" for an option without a name, and hands on an empty text (yargs-parser 22). */
function pathOrStdin(path: string | undefined): string | undefined {
  return path === "" && args.includes("-") ? "-" : path;
}

try {
  await program.parseAsync(args, {}, (_error, _given, output) => {
    if (output) process.stdout.write(`${examplesFirst(output)}\n`);
  });
} catch (error) {
  const { reportError } = await import("./report-error.ts");
  process.exitCode = reportError(error, args, options.OPTIONS_OF);
}
