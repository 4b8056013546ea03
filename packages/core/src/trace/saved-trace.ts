// A trace as files, without touching any: what goes into a run folder and back.
//
//   spec.resolved.json   the spec, defaults filled in
//   environment.json     engine, adapter, versions, and what each variant was
//   trials.jsonl         one line per finished run, in the order in which they finished
//   curves/<chunk>.f32   the signals of the runs of one chunk
//
// Lines and chunks are only ever added, so an interrupted training leaves a readable folder.

import type { Spec } from "../spec/spec.ts";
import type { EngineInfo } from "./engine-info.ts";
import type { Trace, TraceRun, TraceVariant } from "./trace.ts";
import type { EpochSignal } from "./trace-event.ts";

/** Written once, when training starts. */
export interface Environment {
  readonly version: 1;
  readonly engine: EngineInfo;
  readonly variants: readonly TraceVariant[];
  /** Ids of all planned runs, in plan order: what resuming has to complete. */
  readonly runs: readonly string[];
}

/** One line of trials.jsonl: a run without its curves, and where those are. */
export interface Trial extends Omit<TraceRun, "signals"> {
  /** Name of the file in `curves/`, without its ending. */
  readonly chunk: string;
  /** Last value of each signal; null where it is not finite. */
  readonly final: Readonly<Partial<Record<EpochSignal, number | null>>>;
}

/** The line of one finished run, without the line end. */
export function trialLine(run: TraceRun, chunk: string): string {
  const { signals, ...rest } = run;
  const final = Object.fromEntries(
    Object.entries(signals).map(([name, values]) => {
      const last = values.at(-1);
      return [name, last !== undefined && Number.isFinite(last) ? last : null];
    }),
  );
  return JSON.stringify({ ...rest, chunk, final } satisfies Trial);
}

interface CurvesHeader {
  readonly version: 1;
  /** Little-endian float32 columns follow, in this order. */
  readonly columns: readonly { run: string; signal: EpochSignal; epochs: number }[];
}

/** A JSON header in one line, padded with blanks to a multiple of 4 bytes; then the columns. */
export function encodeCurves(runs: readonly TraceRun[]): Uint8Array {
  const columns = runs.flatMap((run) =>
    (Object.entries(run.signals) as [EpochSignal, Float32Array][]).map(([signal, values]) => ({
      entry: { run: run.id, signal, epochs: values.length },
      values,
    })),
  );
  const header: CurvesHeader = { version: 1, columns: columns.map((column) => column.entry) };
  const json = JSON.stringify(header);
  const line = `${json.padEnd(Math.ceil((json.length + 1) / 4) * 4 - 1)}\n`;
  const count = columns.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(line.length + 4 * count);
  for (let i = 0; i < line.length; i++) bytes[i] = line.charCodeAt(i);
  const view = new DataView(bytes.buffer, line.length);
  let position = 0;
  for (const { values } of columns) {
    for (const value of values) view.setFloat32(4 * position++, value, true);
  }
  return bytes;
}

/** Signals by run id. Throws when the file is cut off or is not a curves file. */
export function decodeCurves(bytes: Uint8Array): Map<string, TraceRun["signals"]> {
  const end = bytes.indexOf(10);
  const header = parseHeader(bytes, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset + end + 1, bytes.byteLength - end - 1);
  const needed = header.columns.reduce((sum, column) => sum + column.epochs, 0);
  if (view.byteLength < 4 * needed) {
    throw new Error(
      `the curves file holds ${view.byteLength} bytes of values but its header lists ${4 * needed}; it was cut off while being written.`,
    );
  }
  const curves = new Map<string, Partial<Record<EpochSignal, Float32Array>>>();
  let position = 0;
  for (const { run, signal, epochs } of header.columns) {
    const values = new Float32Array(epochs);
    for (let i = 0; i < epochs; i++) values[i] = view.getFloat32(4 * position++, true);
    const signals = curves.get(run) ?? {};
    signals[signal] = values;
    curves.set(run, signals);
  }
  return curves;
}

function parseHeader(bytes: Uint8Array, end: number): CurvesHeader {
  // Run ids are hexadecimal and signals are words, so the header is ASCII.
  let json = "";
  for (let i = 0; i < end; i++) json += String.fromCharCode(bytes[i]);
  try {
    const header = JSON.parse(json) as CurvesHeader;
    if (header.version === 1) return header;
  } catch {
    // Reported below, with what to do.
  }
  throw new Error("the file does not start with a curves header of version 1.");
}

/** Puts the files of a run folder together again, runs in plan order. */
export function assembleTrace(
  spec: Spec,
  environment: Environment,
  trials: readonly Trial[],
  curves: ReadonlyMap<string, TraceRun["signals"]>,
): Trace {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const runs = environment.runs.flatMap((id) => {
    const trial = byId.get(id);
    if (trial === undefined) return [];
    const { chunk: _, final: __, ...run } = trial;
    return [{ ...run, signals: curves.get(id) ?? {} }];
  });
  return {
    version: 1,
    spec,
    engine: environment.engine,
    variants: environment.variants,
    planned: environment.runs.length,
    runs,
  };
}
