// clab diagnose --log: what Keras printed, judged by the checks that need no more than curves. What
// they cannot see is named; nothing is trained and nothing proved.

import {
  asText,
  diagnose,
  type LoggedRun,
  makeReport,
  notesAsText,
  parseKerasLog,
  type Report,
  traceOfLog,
} from "@convergence-lab/core";
import type { DiagnoseOptions } from "../commands/diagnose.ts";
import { CliError, EXIT } from "../errors.ts";
import { readText } from "../files.ts";
import { readTableFile } from "../table-file.ts";
import { describedTable } from "../table-options.ts";
import { note, textOptions, writeOut } from "../terminal.ts";
import { exportReport } from "../write-reports.ts";
import { isHit } from "./fail-on.ts";
import { REPORTERS } from "./reporters.ts";

export async function diagnoseLog(
  options: DiagnoseOptions & { readonly log: string },
): Promise<number> {
  const runs = parseKerasLog(options.log === "-" ? await standardInput() : readText(options.log));
  if (runs.length === 0) {
    throw new CliError(
      "CLI_FILE_UNREADABLE",
      `${options.log} holds no progress of Keras: no line such as "Epoch 1/50" with a line such as "loss: 0.6931" below it.`,
    );
  }
  const { classCounts, says } = await classesOf(options);
  const trace = traceOfLog(runs, { name: options.log, classCounts });
  const { findings, notMeasured } = diagnose(trace);
  // The network is not known, so that nothing can be said of its settings.
  const report = makeReport(
    trace,
    findings.map((finding) => ({ ...finding, evidence: [] })),
  );
  exportReport(report, options);
  const notes = [...logNotes(runs), says, unseen(notMeasured.map(({ check }) => check))];
  await writeOut(
    options.reporter === "default"
      ? logText(report, notes)
      : REPORTERS[options.reporter](report, () => undefined),
  );
  if (options.reporter !== "default" && !options.quiet) notes.forEach(note);
  return isHit(options.failOn, report) ? EXIT.failOn : EXIT.ran;
}

function logText(report: Report, notes: readonly string[]): string {
  const nothing = "The curves alone show nothing that is wrong.\n\n";
  const head = report.findings.length === 0 ? nothing : "";
  const about = notesAsText("About the log", notes, textOptions());
  return `${head}${asText(report, textOptions())}\n${about}`;
}

/** What the best constant predictor reaches depends on the classes, which no log tells. */
async function classesOf({ data, classes, ...options }: DiagnoseOptions) {
  if (data !== undefined) {
    const read = await readTableFile(data, describedTable(data, options), options);
    const counts = read.classes.map(({ rows }) => rows);
    return { classCounts: counts, says: `Classes: the ${counts.length} of ${data}.` };
  }
  if (classes !== undefined && !(Number.isInteger(classes) && classes >= 2)) {
    throw new CliError("CLI_USAGE", `--classes is ${classes}; it must be a whole number from 2.`);
  }
  const count = classes ?? 2;
  const assumed =
    classes === undefined ? "are taken, because the log does not tell" : "of equal size";
  return {
    classCounts: Array<number>(count).fill(1),
    says: `Classes: ${count} ${assumed}; a guess among them has the loss ${Math.log(count).toFixed(3)}.${classes === undefined ? " Say --classes N, or name the table." : ""}`,
  };
}

function logNotes(runs: readonly LoggedRun[]): string[] {
  const gaps = runs.flatMap(({ epochs }) =>
    epochs.flatMap((epoch, i) =>
      i > 0 && epoch !== epochs[i - 1] + 1 ? [`${epochs[i - 1] + 1} to ${epoch - 1}`] : [],
    ),
  );
  const short = runs.filter(({ epochs, planned }) => epochs.at(-1)! < planned);
  return [
    ...(runs.length === 1 ? ["One run is an anecdote: another seed may do otherwise."] : []),
    ...(gaps.length === 0 ? [] : [`Epochs that the log leaves out: ${gaps.join(", ")}.`]),
    ...short.map(
      ({ epochs, planned }) => `The log ends after epoch ${epochs.at(-1)} of ${planned}.`,
    ),
  ];
}

function unseen(checks: readonly string[]): string {
  return `Not measured, because a log holds loss and accuracy alone: ${checks.join(", ")}. clab diagnose TABLE --target COLUMN trains the network and measures them.`;
}

async function standardInput(): Promise<string> {
  const { text } = await import("node:stream/consumers");
  return text(process.stdin);
}
