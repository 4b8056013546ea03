// Events -> Trace. Joins the pieces that an engine reports into one column per run and signal.

import { chanceLevel } from "../compile/chance-level.ts";
import type { Network, Plan } from "../compile/plan.ts";
import type { Dataset, Part } from "../dataset/dataset.ts";
import type { LayerSignal } from "../spec/probe-names.ts";
import type { Spec } from "../spec/spec.ts";
import { Columns } from "./column.ts";
import type { EngineInfo } from "./engine-info.ts";
import type { RunProbes, Trace, TraceRun, TraceVariant } from "./trace.ts";
import type { Confusion, EpochSignal, FinishedEvent, TraceEvent } from "./trace-event.ts";

/** What has been told of one run so far. */
interface RunRecord {
  readonly signals: Columns<EpochSignal>;
  readonly layers: Columns<LayerSignal>[];
  readonly confusions: Confusion[];
  finished?: FinishedEvent;
}

/** Collects the events of one training; `finish` gives the trace as it stands. */
export class TraceRecorder {
  readonly #spec: Spec;
  readonly #plan: Plan;
  readonly #datasets: readonly Dataset[];
  readonly #engine: EngineInfo;
  readonly #records: readonly RunRecord[];

  constructor(spec: Spec, plan: Plan, datasets: readonly Dataset[], engine: EngineInfo) {
    this.#spec = spec;
    this.#plan = plan;
    this.#datasets = datasets;
    this.#engine = engine;
    this.#records = plan.runs.map(() => ({ signals: new Columns(), layers: [], confusions: [] }));
  }

  add(event: TraceEvent): void {
    if (event.kind === "progress" || event.kind === "dispatch") return;
    // A trace holds signals, and no tensors.
    if (event.kind === "weights") return;
    const record = this.#records[event.run];
    switch (event.kind) {
      case "epochs":
        record.signals.put(event.firstEpoch, event.signals);
        break;
      case "probes":
        event.layers.forEach((columns, l) => {
          record.layers[l] ??= new Columns();
          record.layers[l].put(event.firstProbe, columns);
        });
        break;
      case "confusion":
        putConfusion(record.confusions, event.confusion);
        break;
      case "finished":
        record.finished = event;
        break;
    }
  }

  /** What has been told of a signal of a run by now, to be read at once. */
  soFar(run: number, signal: EpochSignal): Float32Array | undefined {
    return this.#records[run].signals.view(signal);
  }

  /** One run as it will stand in the trace; it must have finished. */
  run(index: number): TraceRun {
    const { id, variant, trainingSeed, dataSeed, dataset, hyper, bucket } = this.#plan.runs[index];
    const { network } = this.#plan.buckets[bucket];
    const record = this.#records[index];
    const { status, steps } = record.finished!;
    const chance = chanceLevel(this.#datasets[dataset], network, hyper);
    const signals = record.signals.values();
    const probes = this.#probes(index);
    const run = { id, variant, trainingSeed, dataSeed, status, steps, chance, signals };
    return probes === undefined ? run : { ...run, probes };
  }

  #probes(index: number): RunProbes | undefined {
    const { probes } = this.#plan.buckets[this.#plan.runs[index].bucket];
    if (probes === undefined) return undefined;
    const { layers, confusions, finished } = this.#records[index];
    return {
      asked: probes.signals,
      everySteps: probes.everySteps,
      layers: layers.map((columns) => columns.values()),
      confusions,
      ...(finished?.firstNonFinite === undefined
        ? {}
        : { firstNonFinite: finished.firstNonFinite }),
    };
  }

  finish(): Trace {
    return {
      version: 1,
      spec: this.#spec,
      engine: this.#engine,
      variants: traceVariants(this.#plan, this.#datasets),
      planned: this.#plan.runs.length,
      runs: this.#plan.runs
        .filter((run) => this.#records[run.index].finished !== undefined)
        .map((run) => this.run(run.index)),
    };
  }
}

/** Counts that are told twice, by a worker and the one that replaced it, replace themselves. */
function putConfusion(confusions: Confusion[], told: Confusion): void {
  const { signal, epoch } = told;
  const known = confusions.findIndex((c) => c.signal === signal && c.epoch === epoch);
  if (known === -1) confusions.push(told);
  else confusions[known] = told;
}

/** What each variant of a plan is, in plan order; read off its first run. */
export function traceVariants(plan: Plan, datasets: readonly Dataset[]): TraceVariant[] {
  const firstRuns = new Map(plan.runs.toReversed().map((run) => [run.variant, run]));
  return [...firstRuns.values()].reverse().map((run) => {
    const { network, epochs } = plan.buckets[run.bucket];
    const { train, test, columns, classes } = datasets[run.dataset];
    return {
      name: run.variant,
      network: networkText(network),
      parameters: network.layout.size,
      epochs,
      trainRows: train.rows,
      testRows: test.rows,
      inputs: columns.length,
      classCounts: classCounts(train, classes.length),
      classes,
    };
  });
}

function classCounts({ y }: Part, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of y) counts[label]++;
  return counts;
}

/** "20-64-1 relu sigmoid"; layers over a shape by name: "8x8x1 conv2d 6x6x4 relu, dense 10 softmax". */
function networkText({ inputs, layers }: Network): string {
  const activations = layers.map(({ activation }) => activation);
  if (layers.every(({ transform }) => transform === undefined)) {
    const widths = [inputs, ...layers.map(({ units }) => units)].join("-");
    return `${widths} ${activations.join(" ")}`;
  }
  const input = layers[0].transform?.inputShape ?? [inputs];
  const texts = layers.map(({ units, transform }, l) => {
    const { kind, outputShape } = transform ?? { kind: "dense", outputShape: [units] };
    const activation = activations[l] === "linear" ? "" : ` ${activations[l]}`;
    return `${kind} ${outputShape.join("x")}${activation}`;
  });
  return `${input.join("x")} ${texts.join(", ")}`;
}
