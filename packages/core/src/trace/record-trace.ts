// Events -> Trace. Joins the pieces that an engine reports into one column per run and signal.

import { chanceLevel } from "../compile/chance-level.ts";
import type { Plan } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Spec } from "../spec/spec.ts";
import type { EngineInfo } from "./engine-info.ts";
import type { Trace, TraceRun, TraceVariant } from "./trace.ts";
import type { EpochSignal, TraceEvent } from "./trace-event.ts";

type Signals = Partial<Record<EpochSignal, Float32Array>>;

/** Collects the events of one training; `finish` gives the trace as it stands. */
export class TraceRecorder {
  readonly #spec: Spec;
  readonly #plan: Plan;
  readonly #datasets: readonly Dataset[];
  readonly #engine: EngineInfo;
  readonly #signals: Signals[];
  readonly #epochs: Uint32Array;
  readonly #finished: (Pick<TraceRun, "status" | "steps"> | undefined)[];

  constructor(spec: Spec, plan: Plan, datasets: readonly Dataset[], engine: EngineInfo) {
    this.#spec = spec;
    this.#plan = plan;
    this.#datasets = datasets;
    this.#engine = engine;
    this.#signals = plan.runs.map(() => ({}));
    this.#epochs = new Uint32Array(plan.runs.length);
    this.#finished = plan.runs.map(() => undefined);
  }

  add(event: TraceEvent): void {
    if (event.kind === "finished") {
      this.#finished[event.run] = { status: event.status, steps: event.steps };
    }
    if (event.kind !== "epochs") return;
    const signals = this.#signals[event.run];
    const capacity = this.#plan.buckets[this.#plan.runs[event.run].bucket].epochs;
    for (const [name, values] of Object.entries(event.signals) as [EpochSignal, Float32Array][]) {
      signals[name] ??= new Float32Array(capacity);
      signals[name].set(values, event.firstEpoch);
      this.#epochs[event.run] = Math.max(this.#epochs[event.run], event.firstEpoch + values.length);
    }
  }

  /** One run as it will stand in the trace; it must have finished. */
  run(index: number): TraceRun {
    const { id, variant, trainingSeed, dataSeed, dataset, hyper } = this.#plan.runs[index];
    const { network } = this.#plan.buckets[this.#plan.runs[index].bucket];
    const epochs = this.#epochs[index];
    const signals = Object.fromEntries(
      Object.entries(this.#signals[index]).map(([name, values]) => [name, values.slice(0, epochs)]),
    );
    const { status, steps } = this.#finished[index]!;
    const chance = chanceLevel(this.#datasets[dataset], network, hyper);
    return { id, variant, trainingSeed, dataSeed, status, steps, chance, signals };
  }

  finish(): Trace {
    return {
      version: 1,
      spec: this.#spec,
      engine: this.#engine,
      variants: traceVariants(this.#plan, this.#datasets),
      planned: this.#plan.runs.length,
      runs: this.#plan.runs
        .filter((run) => this.#finished[run.index] !== undefined)
        .map((run) => this.run(run.index)),
    };
  }
}

/** What each variant of a plan is, in plan order; read off its first run. */
export function traceVariants(plan: Plan, datasets: readonly Dataset[]): TraceVariant[] {
  const firstRuns = new Map(plan.runs.toReversed().map((run) => [run.variant, run]));
  return [...firstRuns.values()].reverse().map((run) => {
    const { network, epochs } = plan.buckets[run.bucket];
    const { train, test } = datasets[run.dataset];
    const widths = [network.inputs, ...network.layers.map((layer) => layer.units)].join("-");
    const activations = network.layers.map((layer) => layer.activation).join(" ");
    return {
      name: run.variant,
      network: `${widths} ${activations}`,
      parameters: network.layout.size,
      epochs,
      trainRows: train.rows,
      testRows: test.rows,
    };
  });
}
