// A recorded training of a population: what every check and every report reads. A saved trace is
// enough to reproduce a report byte for byte on a machine without a device.

import type { Chance } from "../compile/chance-level.ts";
import type { Probe } from "../spec/probe-names.ts";
import type { Spec } from "../spec/spec.ts";
import type { EngineInfo } from "./engine-info.ts";
import type { Confusion, EpochSignal, LayerColumns, NonFinite } from "./trace-event.ts";

export type { Chance };

export interface Trace {
  readonly version: 1;
  readonly spec: Spec;
  readonly engine: EngineInfo;
  readonly variants: readonly TraceVariant[];
  /** Runs that the plan had; more than `runs.length` when training was interrupted. */
  readonly planned: number;
  /** Finished runs, in plan order. */
  readonly runs: readonly TraceRun[];
}

export interface TraceVariant {
  readonly name: string;
  /** For instance "20-64-32-1 relu relu sigmoid". */
  readonly network: string;
  readonly parameters: number;
  readonly epochs: number;
  readonly trainRows: number;
  readonly testRows: number;
  /** Features that reach the network. */
  readonly inputs: number;
  /** Training rows of each class, in the order of their indices. */
  readonly classCounts: readonly number[];
  /** Their names; absent in traces that were saved without them. */
  readonly classes?: readonly string[];
}

export interface TraceRun {
  readonly id: string;
  readonly variant: string;
  readonly trainingSeed: number;
  readonly dataSeed: number;
  readonly status: "complete" | "diverged";
  readonly steps: number;
  /** The best constant predictor on this run's data. */
  readonly chance: Chance;
  /** One value per epoch that was finished. */
  readonly signals: Readonly<Partial<Record<EpochSignal, Float32Array>>>;
  /** Absent: nobody asked for any. signals.ts reads them. */
  readonly probes?: RunProbes;
}

/** What was asked for beside the metrics, and what the engine has measured of it. */
export interface RunProbes {
  readonly asked: readonly Probe[];
  /** Value i of a layer's column is that of optimizer step i * everySteps. */
  readonly everySteps: number;
  /** One per dense layer; empty when the engine measured none. */
  readonly layers: readonly LayerColumns[];
  /** In the order of their epochs. */
  readonly confusions: readonly Confusion[];
  /** Null: every number was finite. Absent: not measured. */
  readonly firstNonFinite?: NonFinite | null;
}
