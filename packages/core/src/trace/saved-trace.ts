// A trace as files, without touching any: what goes into a run folder and back.
//
//   spec.resolved.json   the spec, defaults filled in
//   environment.json     engine, adapter, versions, and what each variant was
//   trials.jsonl         one line per finished run, in the order in which they finished
//   curves/<chunk>.f32   the signals of the runs of one chunk, probes among them
//
// Lines and chunks are only ever added, so an interrupted training leaves a readable folder.

import type { Spec } from "../spec/spec.ts";
import type { EngineInfo } from "./engine-info.ts";
import type { RunProbes, Trace, TraceRun, TraceVariant } from "./trace.ts";
import type { Confusion, EpochSignal, LayerColumns } from "./trace-event.ts";

/** Written once, when training starts. */
export interface Environment {
  readonly version: 1;
  readonly engine: EngineInfo;
  readonly variants: readonly TraceVariant[];
  /** Ids of all planned runs, in plan order: what resuming has to complete. */
  readonly runs: readonly string[];
}

/** One line of trials.jsonl: a run without its curves, and where those are. */
export interface Trial extends Omit<TraceRun, "signals" | "probes"> {
  /** Name of the file in `curves/`, without its ending. */
  readonly chunk: string;
  /** Last value of each signal; null where it is not finite. */
  readonly final: Readonly<Partial<Record<EpochSignal, number | null>>>;
  readonly probes?: Omit<RunProbes, "layers" | "confusions">;
}

/** The line of one finished run, without the line end. */
export function trialLine(run: TraceRun, chunk: string): string {
  const { signals, probes, ...rest } = run;
  const final = Object.fromEntries(
    Object.entries(signals).map(([name, values]) => {
      const last = values.at(-1);
      return [name, last !== undefined && Number.isFinite(last) ? last : null];
    }),
  );
  const trial: Trial = { ...rest, chunk, final };
  if (probes === undefined) return JSON.stringify(trial);
  const { layers: _, confusions: __, ...asked } = probes;
  return JSON.stringify({ ...trial, probes: asked } satisfies Trial);
}

/** The numbers of one run that lie in a curves file. */
export interface Curves extends Pick<TraceRun, "signals">, Pick<RunProbes, "layers"> {
  readonly confusions: readonly Confusion[];
}

/** Little-endian float32 columns follow the header, in the order of `columns`. */
interface CurvesHeader {
  readonly version: 2;
  readonly columns: readonly (CurveColumn & { readonly run: string; readonly values: number })[];
}

type CurveColumn =
  | { readonly signal: EpochSignal }
  | { readonly signal: keyof LayerColumns; readonly layer: number }
  /** Counts are exact up to 2^24 rows. */
  | Pick<Confusion, "signal" | "epoch" | "classes">;

/** A JSON header in one line, padded with blanks to a multiple of 4 bytes; then the columns. */
export function encodeCurves(runs: readonly TraceRun[]): Uint8Array {
  const columns = runs.flatMap((run) =>
    curveColumns(run).map(({ column, values }) => ({
      entry: { run: run.id, ...column, values: values.length },
      values,
    })),
  );
  const header: CurvesHeader = { version: 2, columns: columns.map((column) => column.entry) };
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

interface FilledColumn {
  readonly column: CurveColumn;
  readonly values: Float32Array | Uint32Array;
}

function curveColumns({ signals, probes }: TraceRun): FilledColumn[] {
  const named = <Name extends string>(columns: Readonly<Partial<Record<Name, Float32Array>>>) =>
    Object.entries(columns) as [Name, Float32Array][];
  return [
    ...named(signals).map(([signal, values]) => ({ column: { signal }, values })),
    ...(probes?.layers ?? []).flatMap((columns, layer) =>
      named(columns).map(([signal, values]) => ({ column: { signal, layer }, values })),
    ),
    ...(probes?.confusions ?? []).map(({ counts, ...column }) => ({ column, values: counts })),
  ];
}

/** Curves by run id. Throws when the file is cut off or is not a curves file. */
export function decodeCurves(bytes: Uint8Array): Map<string, Curves> {
  const end = bytes.indexOf(10);
  const header = parseHeader(bytes, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset + end + 1, bytes.byteLength - end - 1);
  const needed = header.columns.reduce((sum, column) => sum + column.values, 0);
  if (view.byteLength < 4 * needed) {
    throw new Error(
      `the curves file holds ${view.byteLength} bytes of values but its header lists ${4 * needed}; it was cut off while being written.`,
    );
  }
  const curves = new Map<string, Curves>();
  let position = 0;
  for (const { run, values: count, ...column } of header.columns) {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = view.getFloat32(4 * position++, true);
    const before = curves.get(run) ?? { signals: {}, layers: [], confusions: [] };
    curves.set(run, withColumn(before, column, values));
  }
  return curves;
}

function withColumn(curves: Curves, column: CurveColumn, values: Float32Array): Curves {
  const { signals, layers, confusions } = curves;
  if ("classes" in column) {
    const confusion = { ...column, counts: Uint32Array.from(values) };
    return { ...curves, confusions: [...confusions, confusion] };
  }
  if (!("layer" in column)) {
    return { ...curves, signals: { ...signals, [column.signal]: values } };
  }
  const { layer, signal } = column;
  const grown = Array.from({ length: Math.max(layers.length, layer + 1) }, (_, l) => ({
    ...layers[l],
    ...(l === layer ? { [signal]: values } : {}),
  }));
  return { ...curves, layers: grown };
}

function parseHeader(bytes: Uint8Array, end: number): CurvesHeader {
  // Run ids are hexadecimal and signals are words, so the header is ASCII.
  let json = "";
  for (let i = 0; i < end; i++) json += String.fromCharCode(bytes[i]);
  try {
    const header = JSON.parse(json) as CurvesHeader;
    if (header.version === 2) return header;
  } catch {
    // Reported below, with what to do.
  }
  throw new Error(
    "the file does not start with a curves header of version 2; train the run again.",
  );
}

/** Puts the files of a run folder together again, runs in plan order. */
export function assembleTrace(
  spec: Spec,
  environment: Environment,
  trials: readonly Trial[],
  curves: ReadonlyMap<string, Curves>,
): Trace {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const runs = environment.runs.flatMap((id) => {
    const trial = byId.get(id);
    if (trial === undefined) return [];
    const { chunk: _, final: __, probes, ...run } = trial;
    const { signals = {}, layers = [], confusions = [] } = curves.get(id) ?? {};
    if (probes === undefined) return [{ ...run, signals }];
    return [{ ...run, signals, probes: { ...probes, layers, confusions } }];
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
