// clab verify: replays recorded training steps on an engine, and holds every number against the
// recording. It answers whether a strange curve is the model's or the back end's doing.

import {
  type ComparedNumber,
  type Comparison,
  compareReplay,
  type Engine,
  type EngineInfo,
  parseTrainingSteps,
  type RecordedCase,
  RecordingError,
} from "@convergence-lab/core";
import { CliError, EXIT, ProblemsError } from "../errors.ts";
import { readText } from "../files.ts";
import { createCpuPool } from "../runners/cpu-pool.ts";
import { openEngine } from "../runners/open-engine.ts";
import type { Runtime } from "../runners/runner.ts";
import { paint, printable, redraw, writeOut } from "../terminal.ts";

export interface VerifyOptions {
  readonly file: string;
  readonly engine: "webgpu" | "tfjs" | "cpu";
  readonly precision: "float32" | "float64";
  readonly runtime: Runtime;
  readonly json: boolean;
}

export async function verify(options: VerifyOptions): Promise<number> {
  if (options.engine !== "cpu" && options.precision === "float64") {
    throw new CliError("CLI_USAGE", `${options.engine} has no float64; use --engine cpu.`);
  }
  const cases = readRecording(options.file);
  const engine = await open(options);
  const answers: (Comparison | Refusal)[] = [];
  const waiting = cases.entries();
  let done = 0;
  const takeCases = async () => {
    for (const [position, recorded] of waiting) {
      redraw(`${done}/${cases.length} cases  ${printable(recorded.name)}`);
      answers[position] = await replayed(engine, recorded, options.precision);
      done++;
    }
  };
  try {
    const inFlight = engine.info.name === "webgpu" ? IN_FLIGHT : 1;
    await Promise.all(Array.from({ length: inFlight }, takeCases));
  } finally {
    redraw("");
    await engine.dispose();
  }
  const comparisons = answers.filter((each) => "worst" in each);
  const refusals = answers.filter((each) => "says" in each);
  // A case that an engine does not compute is none that it meets.
  const passed = refusals.length === 0 && comparisons.every((comparison) => comparison.passed);
  const { precision } = options;
  await writeOut(
    options.json
      ? `${JSON.stringify({ engine: engine.info, precision, passed, cases: comparisons, refusals }, null, 2)}\n`
      : asTable(comparisons, refusals, engine.info),
  );
  return passed ? EXIT.ran : EXIT.outOfTolerance;
}

/**
 * Cases that a device is given at a time. Nearly all the time goes into compiling a kernel for each,
 * which a driver does on threads of its own: 4 kernels took SwiftShader 84 and 64 s one after the
 * other, 76 and 46 s all at once (2 cores, load 18).
 */
const IN_FLIGHT = 4;

async function replayed(
  engine: Engine,
  recorded: RecordedCase,
  precision: VerifyOptions["precision"],
): Promise<Comparison | Refusal> {
  try {
    return compareReplay(recorded, await engine.replay(recorded.replay), precision);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { name: recorded.name, says: error.message };
  }
}

/** A case whose network an engine does not compute, and what it says to it. */
interface Refusal {
  readonly name: string;
  readonly says: string;
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /UNSUPPORTED/.test(String(error.code));
}

function readRecording(path: string): RecordedCase[] {
  const text = readText(path);
  try {
    return parseTrainingSteps(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${path}: ${error.message}.`);
    }
    if (!(error instanceof RecordingError)) throw error;
    throw new ProblemsError(
      "recording",
      error.problems.map(({ where, message }) => `${path}: ${where} ${message}`),
    );
  }
}

function open({ engine, precision, runtime }: VerifyOptions): Promise<Engine> {
  if (engine !== "cpu") return openEngine({ engine, runtime });
  // Cases are replayed one after the other, so one worker does.
  return createCpuPool({ precision, reason: "It is the engine that was asked for." }, 1);
}

function asTable(
  comparisons: readonly Comparison[],
  refusals: readonly Refusal[],
  { name, adapter }: EngineInfo,
): string {
  const rows = comparisons.map(rowOf);
  const header = { name: "case", error: "worst error", share: "of its bound", where: "where" };
  const width = (column: keyof typeof header) =>
    Math.max(...[header, ...rows].map((row) => row[column].length));
  const [names, errors, shares] = [width("name"), width("error"), width("share")];
  const line = (row: typeof header) =>
    `${row.name.padEnd(names)}  ${row.error.padStart(errors)}  ${row.share.padStart(shares)}  ${row.where}`;
  const lines = [paint("bold", line(header), process.stdout)];
  comparisons.forEach((comparison, i) => {
    lines.push(comparison.passed ? line(rows[i]) : paint("red", line(rows[i]), process.stdout));
  });
  const passed = comparisons.filter((comparison) => comparison.passed).length;
  for (const refusal of refusals) {
    lines.push(
      `${printable(refusal.name).padEnd(names)}  not computed: ${printable(refusal.says)}`,
    );
  }
  for (const { picture } of comparisons) {
    if (picture !== "") lines.push("", printable(picture));
  }
  lines.push(
    "",
    `${passed} of ${comparisons.length + refusals.length} cases within tolerance on the ${name} engine (${adapter}).`,
  );
  return `${lines.join("\n")}\n`;
}

function rowOf({ name, worst }: Comparison) {
  const { quantity, step, index, error, share } = farthestOf(worst);
  return {
    name: printable(name),
    error: error.toExponential(1),
    share: share < 10 ? `${Math.round(100 * share)}%` : `${share.toExponential(1)} times`,
    where: `${quantity}[${index}] of step ${step + 1}${share <= 1 ? "" : "  OUT OF TOLERANCE"}`,
  };
}

function farthestOf(worst: readonly ComparedNumber[]): ComparedNumber {
  return worst.reduce((a, b) => (b.share > a.share ? b : a));
}
