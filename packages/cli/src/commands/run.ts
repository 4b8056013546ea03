// clab run: trains the population of each spec, and judges its claims.

import { join } from "node:path";
import {
  asJson,
  asText,
  curvesTable,
  didYouMean,
  type Engine,
  type EngineInfo,
  type Experiment,
  PROBES,
  type Probe,
  parseSpec,
  planExperiment,
  probesCsv,
  type Report,
  type Spec,
  type Trace,
  trainExperiment,
  withProbes,
  wordsOfPlan,
} from "@convergence-lab/core";
import { DispatchLog } from "../dispatch-log.ts";
import { CliError, EXIT } from "../errors.ts";
import { tableFile } from "../export/table.ts";
import { writeFile } from "../files.ts";
import { type Interrupt, onInterrupt } from "../interrupt.ts";
import { progressLine, silent } from "../progress-line.ts";
import { resumingEngine } from "../resuming-engine.ts";
import { isRunFolder, RunFolder, readTrace, runFolderName } from "../run-folder.ts";
import { type EnginesRequest, openSharedEngine } from "../runners/open-engines.ts";
import { sameCommand } from "../same-command.ts";
import { locatingProblems, readSpecFile, readSpecTables, type SpecFile } from "../spec-file.ts";
import { note, textOptions, writeOut } from "../terminal.ts";
import { type ReportFiles, writeReports } from "../write-reports.ts";

export interface RunCommandOptions extends EnginesRequest, ReportFiles {
  readonly specs: readonly string[];
  readonly seeds?: number | undefined;
  readonly dataSeeds?: number | undefined;
  /** "all", or names with commas between them. */
  readonly probe?: string | undefined;
  readonly exportProbes?: string | undefined;
  readonly exportCurves?: string | undefined;
  readonly traceDispatches?: string | undefined;
  /** The report on stdout as JSON; of several specs one after the other. */
  readonly json: boolean;
  readonly out: string;
  readonly resume: boolean;
  readonly quiet: boolean;
}

export async function run(options: RunCommandOptions): Promise<number> {
  checkOptions(options);
  const experiments: SpecToRun[] = [];
  // Every spec is read and checked before the first is trained.
  for (const path of options.specs) {
    const file = readSpecFile(path);
    const { spec, ...files } = await readSpecTables(file, options);
    const planned = () => planExperiment(withFlags(spec, options), files);
    experiments.push({ file, planned: await locatingProblems(file, planned) });
  }
  const interrupt = onInterrupt();
  const words = experiments.flatMap(({ planned }) => wordsOfPlan(planned.plan));
  const engine = await openSharedEngine({
    ...options,
    words,
    tracesDispatches: options.traceDispatches !== undefined,
    prepares: experiments[0].planned.plan,
  });
  try {
    for (const [position, experiment] of experiments.entries()) {
      const trained = await train(experiment, engine, interrupt, options);
      if (trained === undefined) return EXIT.interrupted;
      if (position > 0 && !options.json) await writeOut("\n");
      await writeOut(options.json ? asJson(trained.report) : asText(trained.report, textOptions()));
      if (!options.quiet) note(`Report: ${join(trained.folder, "report.html")}`);
    }
    return EXIT.ran;
  } finally {
    await engine.dispose();
    interrupt.release();
  }
}

interface SpecToRun {
  readonly file: SpecFile;
  readonly planned: Experiment;
}

interface Trained {
  readonly folder: string;
  readonly report: Report;
}

function checkOptions(options: RunCommandOptions): void {
  const exports = [
    options.exportJson,
    options.exportMarkdown,
    options.exportHtml,
    options.exportProbes,
    options.exportCurves,
    options.traceDispatches,
  ];
  if (options.specs.length > 1 && exports.some((path) => path !== undefined)) {
    throw new CliError(
      "CLI_USAGE",
      `--export-* and --trace-dispatches name one file, but there are ${options.specs.length} specs; their reports lie in ${options.out}/<name>-<hash>/.`,
    );
  }
  for (const [name, count] of [
    ["--seeds", options.seeds],
    ["--data-seeds", options.dataSeeds],
  ] as const) {
    if (count !== undefined && !(Number.isInteger(count) && count >= 1)) {
      throw new CliError("CLI_USAGE", `${name} is ${count}; it must be a whole number from 1.`);
    }
  }
}

/** The spec with what the flags say. */
function withFlags(source: unknown, options: RunCommandOptions): Spec {
  const spec = parseSpec(source);
  const seeds = {
    training: options.seeds ?? spec.seeds.training,
    data: options.dataSeeds ?? spec.seeds.data,
  };
  return withProbes({ ...spec, seeds }, [{ signals: namedProbes(options.probe) }]);
}

/** The signals of --probe. */
function namedProbes(text: string | undefined): readonly Probe[] {
  if (text === "all") return PROBES;
  const names = text?.split(",").map((name) => name.trim()) ?? [];
  const unknown = names.find((name) => !PROBES.includes(name as Probe));
  if (unknown === undefined) return names as Probe[];
  throw new CliError(
    "CLI_USAGE",
    `--probe names "${unknown}", which is no signal; docs/probes.md lists them.${didYouMean(unknown, PROBES)}`,
  );
}

/** Trains one spec and writes its folder; undefined when it was interrupted. */
async function train(
  { planned: experiment }: SpecToRun,
  engine: Engine,
  interrupt: Interrupt,
  options: RunCommandOptions,
): Promise<Trained | undefined> {
  const { spec } = experiment;
  const path = join(options.out, runFolderName(spec));
  const saved = options.resume ? savedTrace(path, engine) : undefined;
  const savedIds = new Set(saved?.runs.map((run) => run.id));
  const progress = options.quiet ? silent : progressLine(spec.name);
  const dispatches =
    options.traceDispatches === undefined ? null : new DispatchLog(options.traceDispatches);
  let folder: RunFolder | undefined;
  let planned = 0;
  let finished = 0;
  const sayHowToGoOn = () => {
    note(`Interrupted: ${finished} of ${planned} networks are saved in ${path}`);
    const args = process.argv.slice(2).filter((arg) => arg !== "--resume");
    note(`Go on with: ${sameCommand([...args, "--resume"], process.env)}`);
  };
  try {
    const { report, trace } = await trainExperiment(
      experiment,
      saved ? resumingEngine(engine, saved.runs) : engine,
      {
        signal: interrupt.signal,
        onStart(resolved, environment) {
          folder = saved ? RunFolder.extend(path) : RunFolder.create(path, resolved, environment);
          planned = environment.runs.length;
          if (!options.quiet) note(`${spec.name}: ${describe(environment.engine)}`);
          progress.start(environment.engine.name, planned, savedIds.size);
        },
        onProgress: progress.steps,
        onDispatch: (dispatch) => dispatches?.add(dispatch),
        onRunFinished(run) {
          finished++;
          if (savedIds.has(run.id)) return;
          folder?.add(run);
          progress.runFinished();
        },
      },
    );
    progress.end();
    folder?.flush();
    if (finished < planned) {
      sayHowToGoOn();
      return undefined;
    }
    writeReports(path, report, options);
    if (options.exportProbes !== undefined) writeFile(options.exportProbes, probesCsv(trace));
    const { exportCurves } = options;
    if (exportCurves !== undefined) {
      writeFile(exportCurves, await tableFile(exportCurves, curvesTable(trace)));
    }
    return { folder: path, report };
  } catch (error) {
    progress.end();
    folder?.flush();
    // The device was lost, or the disk is full: what is finished is finished.
    if (finished > 0 && finished < planned) sayHowToGoOn();
    throw error;
  }
}

/** What an interrupted run left, when it can be gone on with. */
function savedTrace(path: string, engine: Engine): Trace | undefined {
  if (!isRunFolder(path)) return undefined;
  const trace = readTrace(path);
  const [then, now] = [trace.engine, engine.info].map(({ name, adapter }) => `${name}, ${adapter}`);
  if (then === now) return trace;
  throw new CliError(
    "CLI_USAGE",
    `${path} was trained on ${then}, and this is ${now}: their numbers do not mix. Choose the same engine, or leave out --resume to start over.`,
  );
}

function describe({ name, adapter, reason }: EngineInfo): string {
  return `${name} engine, ${adapter}. ${reason}`;
}
