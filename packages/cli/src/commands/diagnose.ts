// clab diagnose: why does this network fail to converge, and what fixes it? Data on stdout, and
// everything else on stderr.

import { join } from "node:path";
import {
  asHtml,
  asJson,
  compile,
  type DiagnosisOptions,
  type Engine,
  type Incumbent,
  loadDatasets,
  parseSpec,
  type Report,
  resolveVariants,
  runDiagnosis,
  type Trace,
  trainableSpec,
  wordsOfPlan,
} from "@convergence-lab/core";
import { type ExportOptions, writePrescription } from "../diagnose/exports.ts";
import { checkFailOn, type FailOn, isHit } from "../diagnose/fail-on.ts";
import { REPORTERS, type Reporter } from "../diagnose/reporters.ts";
import { readSubject, type Subject, type SubjectOptions } from "../diagnose/subject.ts";
import { CliError, EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { onInterrupt } from "../interrupt.ts";
import { progressLine, silent } from "../progress-line.ts";
import { RunFolder, runFolderName } from "../run-folder.ts";
import { type EnginesRequest, openSharedEngine } from "../runners/open-engines.ts";
import { locatingProblems } from "../spec-file.ts";
import { note, writeOut } from "../terminal.ts";
import { exportReport } from "../write-reports.ts";

export interface DiagnoseOptions
  extends Omit<SubjectOptions, "data">,
    ExportOptions,
    Omit<EnginesRequest, "words"> {
  readonly data?: string | undefined;
  readonly variant?: string | undefined;
  readonly seeds?: number | undefined;
  readonly failOn?: FailOn | undefined;
  readonly reporter: Reporter;
  readonly out: string;
  readonly quiet: boolean;
  /** What Keras printed, instead of a training of our own. */
  readonly log?: string | undefined;
  readonly classes?: number | undefined;
}

export async function diagnose(options: DiagnoseOptions): Promise<number> {
  checkFailOn(options.failOn);
  if (options.log !== undefined) {
    const { diagnoseLog } = await import("../diagnose/log.ts");
    return diagnoseLog({ ...options, log: options.log });
  }
  const { data, seeds } = options;
  if (data === undefined) {
    throw new CliError(
      "CLI_USAGE",
      "name a table or a spec: clab diagnose table.csv --target COLUMN.",
    );
  }
  if (seeds !== undefined && !(Number.isInteger(seeds) && seeds >= 2)) {
    throw new CliError("CLI_USAGE", `--seeds is ${seeds}; it must be a whole number from 2.`);
  }
  const subject = await readSubject({ ...options, data });
  if (!options.quiet) subject.notes.forEach(note);
  const { variant, words } = await locatingProblems(subject.file, () => prepare(subject, options));
  const interrupt = onInterrupt();
  const engine = await openSharedEngine({ ...options, words });
  let held: Incumbent | undefined;
  const onHeld = (incumbent: Incumbent) => {
    held = incumbent;
  };
  try {
    if (!options.quiet)
      note(`${engine.info.name} engine, ${engine.info.adapter}. ${engine.info.reason}`);
    const diagnosed = await withStages(subject, variant, engine, {
      ...options,
      ...interrupt,
      onHeld,
    });
    const folder = saveRun(options.out, diagnosed);
    exportReport(diagnosed.report, options);
    writePrescription(diagnosed.report, subject, variant, options);
    const placeOf = (where: string) => subject.file?.placeOf(where);
    await writeOut(REPORTERS[options.reporter](diagnosed.report, placeOf));
    if (!options.quiet) note(`Report: ${join(folder, "report.html")}`);
    return isHit(options.failOn, diagnosed.report) ? EXIT.failOn : EXIT.ran;
  } catch (error) {
    if ((error as Error).name !== "Interrupted") throw error;
    note("Interrupted: a diagnosis is whole or nothing, and nothing is saved.");
    if (held !== undefined) note(`Until then ${held.interventions} looked best; it is not proved.`);
    return EXIT.interrupted;
  } finally {
    await engine.dispose();
    interrupt.release();
  }
}

interface Diagnosed {
  readonly trace: Trace;
  readonly report: Report;
}

/** Which variant, and what it asks of an engine. */
function prepare({ spec: source, tables, weights }: Subject, options: DiagnoseOptions) {
  const spec = parseSpec(source, { allowUntrainable: true });
  const names = resolveVariants(spec).map(({ name }) => name);
  const variant = options.variant ?? names[0];
  if (!names.includes(variant)) {
    throw new CliError(
      "CLI_USAGE",
      `"${variant}" is not a variant of this spec (${names.join(", ")}).`,
    );
  }
  if (!options.quiet && options.variant === undefined && names.length > 1) {
    note(`Diagnosing ${variant}, the first of ${names.length} variants; --variant names another.`);
  }
  const trained = trainableSpec(spec, tables, variant);
  const words = wordsOfPlan(compile(trained, loadDatasets(trained, tables), weights));
  return { variant: Object.keys(spec.variants).length > 0 ? variant : undefined, words };
}

async function withStages(
  { spec, tables, weights, file }: Subject,
  variant: string | undefined,
  engine: Engine,
  { quiet, seeds, signal, onHeld }: DiagnoseOptions & Pick<DiagnosisOptions, "signal" | "onHeld">,
): Promise<Diagnosed> {
  let progress = silent;
  try {
    return await locatingProblems(file, () =>
      runDiagnosis(spec, engine, {
        tables,
        weights,
        variant,
        seeds,
        signal,
        onHeld,
        onStage({ name, says }) {
          progress.end();
          if (quiet) return;
          note(`${name}: ${says}`);
          progress = progressLine(name);
          progress.start(engine.info.name, 0, 0);
        },
        onProgress: (event) => progress.steps(event),
      }),
    );
  } finally {
    progress.end();
  }
}

/** The networks before and after, as `clab run` saves them, with the report. */
function saveRun(out: string, { trace, report }: Diagnosed): string {
  const path = join(out, runFolderName(trace.spec));
  const { engine, variants, runs } = trace;
  const environment = { version: 1, engine, variants, runs: runs.map(({ id }) => id) } as const;
  const folder = RunFolder.create(path, trace.spec, environment);
  for (const run of runs) folder.add(run);
  folder.flush();
  writeFile(join(path, "report.json"), asJson(report));
  writeFile(join(path, "report.html"), asHtml(report));
  return path;
}
