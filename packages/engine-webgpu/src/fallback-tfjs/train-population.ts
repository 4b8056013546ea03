// Trains networks of one shape, on parts of equal length, from their initial weights to their end.
// It knows nothing of plans and events; whoever drives it decides what becomes of the reports.

import {
  type Bucket,
  EarlyStopping,
  type EpochSignal,
  type FinishedEvent,
  initialParameters,
  pause,
  ReduceOnPlateau,
  type Run,
  type TraceEvent,
} from "@convergence-lab/core";
import {
  add,
  cast,
  dispose,
  isFinite as isFiniteTensor,
  logicalAnd,
  mul,
  ones,
  stack,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import type { StartedBackend } from "./backend.ts";
import {
  type Batch,
  type BatchSource,
  disposeBatch,
  testBatches,
  trainingBatches,
} from "./batches.ts";
import { Population } from "./population.ts";
import { type PopulationProbes, populationProbes } from "./population-probes.ts";

export interface Member extends BatchSource {
  readonly run: Run;
}

/** What became of the networks since the last report. */
export interface PopulationReport {
  /** Optimizer steps of all networks together, those that frozen networks no longer take included. */
  readonly stepsDone: number;
  readonly members: readonly MemberReport[];
}

export interface MemberReport {
  /** Index into the members that were given. */
  readonly member: number;
  readonly firstEpoch: number;
  /** Columns of equal length, which may be 0. */
  readonly signals: Signals;
  /** What has been measured besides. */
  readonly probes: readonly TraceEvent[];
  /** Set when the network has come to its end. */
  readonly end: { readonly status: FinishedEvent["status"]; readonly steps: number } | null;
}

type Signals = Readonly<Partial<Record<EpochSignal, Float32Array>>>;

/** Milliseconds of work between two reports: often enough for a progress line and a cancel. */
const REPORT_INTERVAL = 50;

/** Yields after every interval of work, and at the end. Ending the iteration cancels. */
export async function* trainPopulation(
  bucket: Bucket,
  members: readonly Member[],
  backend: StartedBackend,
): AsyncGenerator<PopulationReport, void> {
  const { epochs, batchSize, shuffle } = bucket;
  const training = new Training(bucket, members, backend);
  let reported = performance.now();
  const isDue = () => performance.now() - reported > REPORT_INTERVAL;
  try {
    for (let epoch = 0; epoch < epochs && training.anyAlive; epoch++) {
      for (const batch of trainingBatches(members, batchSize, shuffle ? epoch : null)) {
        await training.step(batch);
        if (!isDue()) continue;
        await training.settled();
        yield { stepsDone: training.stepsDone, members: [] };
        await pause();
        reported = performance.now();
      }
      await training.endEpoch(epoch);
      if (!training.hasCallbacks && !isDue() && epoch < epochs - 1) continue;
      yield { stepsDone: training.stepsDone, members: await training.report() };
      await pause();
      reported = performance.now();
    }
  } finally {
    training.dispose();
  }
}

/** The networks on the device, and what is known of them on the host. */
class Training {
  readonly #bucket: Bucket;
  readonly #members: readonly Member[];
  readonly #backend: StartedBackend;
  readonly #hasTest: boolean;
  readonly #population: Population;
  readonly #probes: PopulationProbes | null;
  /** (models, bool): false from the first batch whose loss is not finite. */
  #alive: Tensor;
  /** Of the epoch so far, each (models): loss times rows, right rows, steps. */
  #totals: readonly Tensor[] = [];
  /** Epochs that are finished and not read back: (values, models) each. */
  #unread: Tensor[] = [];
  /** On the host: epochs that have been read back, and each network's end. */
  #epochsRead = 0;
  readonly #steps: number[];
  readonly #ended: boolean[];
  /** By member; null where its run asks for none. */
  readonly #callbacks: readonly {
    readonly plateau: ReduceOnPlateau | null;
    readonly stopping: EarlyStopping | null;
  }[];

  constructor(bucket: Bucket, members: readonly Member[], backend: StartedBackend) {
    const { network } = bucket;
    this.#bucket = bucket;
    this.#members = members;
    this.#backend = backend;
    this.#hasTest = members[0].dataset.test.rows > 0;
    this.#steps = members.map(() => 0);
    this.#ended = members.map(() => false);
    this.#callbacks = members.map(({ run: { hyper } }) => ({
      plateau: hyper.reduceOnPlateau ? new ReduceOnPlateau(hyper.reduceOnPlateau) : null,
      stopping: hyper.earlyStopping ? new EarlyStopping(hyper.earlyStopping) : null,
    }));
    const parameters = new Float32Array(members.length * network.layout.size);
    members.forEach(({ run, trainingSeed }, i) => {
      const start = initialParameters(network, trainingSeed, run.hyper);
      parameters.set(start, i * network.layout.size);
    });
    backend.use();
    const own = members.map(({ run, trainingSeed }) => ({ hyper: run.hyper, trainingSeed }));
    this.#population = new Population(network, own, parameters);
    this.#probes = populationProbes(bucket, members, this.#population);
    this.#alive = tidy(() => cast(ones([members.length]), "bool"));
  }

  get anyAlive(): boolean {
    return this.#ended.includes(false);
  }

  /** Whether the next epoch waits for what was measured in this one. */
  get hasCallbacks(): boolean {
    return this.#callbacks.some(({ plateau, stopping }) => plateau !== null || stopping !== null);
  }

  get stepsDone(): number {
    return this.#members.length * this.#population.steps;
  }

  /** Resolves when the device has done every step so far, so that it cannot fall behind for long. */
  async settled(): Promise<void> {
    this.#backend.use();
    await this.#alive.data();
  }

  dispose(): void {
    this.#backend.use();
    this.#population.dispose();
    this.#probes?.dispose();
    dispose([this.#alive, ...this.#totals, ...this.#unread]);
  }

  async step(batch: Batch): Promise<void> {
    this.#backend.use();
    const rows = batch.labels.shape[1]!;
    const before = [this.#alive, ...this.#totals];
    [this.#alive, ...this.#totals] = tidy(() => {
      const evaluation = this.#population.evaluate(batch, true);
      const alive = logicalAnd(this.#alive, isFiniteTensor(evaluation.loss));
      if (this.#probes) this.#probes.update(evaluation);
      else this.#population.update(evaluation, evaluation.gradients());
      return [
        alive,
        ...this.#added(this.#totals, [
          mul(evaluation.loss, rows),
          evaluation.correct,
          cast(alive, "float32"),
        ]),
      ];
    });
    dispose(before);
    await this.#probes?.measure(this.#alive, batch);
    disposeBatch(batch);
  }

  /** Evaluates the test part and puts the epoch's values aside. */
  async endEpoch(epoch: number): Promise<void> {
    this.#backend.use();
    const test = this.#hasTest ? await this.#test() : [];
    if (this.#probes !== null) await this.#measureEpoch(this.#probes, epoch);
    this.#unread.push(tidy(() => stack([cast(this.#alive, "float32"), ...this.#totals, ...test])));
    dispose([...this.#totals, ...test]);
    this.#totals = [];
  }

  /** Reads back the epochs since the last report. */
  async report(): Promise<MemberReport[]> {
    this.#backend.use();
    const values = tidy(() => stack(this.#unread));
    const [epochs, rows, models] = values.shape;
    const read = (await values.data()) as Float32Array;
    dispose([values, ...this.#unread]);
    this.#unread = [];
    const valueAt = (epoch: number, row: Row, member: number) =>
      read[(epoch * rows! + row) * models! + member];
    const firstEpoch = this.#epochsRead;
    this.#epochsRead += epochs!;
    return this.#members.flatMap((_, member) => {
      if (this.#ended[member]) return [];
      const column = Array.from({ length: epochs! }, (_, epoch) => epoch);
      const died = column.findIndex((epoch) => valueAt(epoch, Row.alive, member) === 0);
      for (const epoch of column) this.#steps[member] += valueAt(epoch, Row.steps, member);
      const signals = this.#signals(member, died === -1 ? epochs! : died, valueAt);
      const stops = died === -1 && this.#callBack(member, signals);
      this.#ended[member] = died !== -1 || stops || this.#epochsRead === this.#bucket.epochs;
      const { run } = this.#members[member];
      const hasEnded = this.#ended[member];
      return {
        member,
        firstEpoch,
        signals: { ...signals, ...this.#measuredSignals(member, firstEpoch, signals) },
        probes: this.#probes?.takeEvents(member, run.index, hasEnded) ?? [],
        end: this.#ended[member]
          ? { status: died === -1 ? "complete" : "diverged", steps: this.#steps[member] }
          : null,
      };
    });
  }

  /**
   * The callbacks in Keras's order, after each epoch; whether the network stops. Weights are not
   * restored: this engine hands out signals only, and none of them comes after the last epoch.
   */
  #callBack(member: number, signals: Signals): boolean {
    const { plateau, stopping } = this.#callbacks[member];
    const { hyper } = this.#members[member].run;
    const value = (monitor: EpochSignal | undefined) => monitor && signals[monitor]?.at(-1);
    const forPlateau = value(hyper.reduceOnPlateau?.monitor);
    if (plateau !== null && forPlateau !== undefined) {
      plateau.see(forPlateau, this.#population.plannedRate(member));
      this.#population.rateFactors[member] = plateau.factor;
    }
    const forStopping = value(hyper.earlyStopping?.monitor);
    if (stopping !== null && forStopping !== undefined) stopping.see(forStopping);
    return stopping?.stops ?? false;
  }

  /** Loss times rows and right rows of the test part, each (models). */
  #test(): Promise<readonly Tensor[]> {
    const batches = testBatches(this.#members, this.#bucket.batchSize);
    const counter = this.#probes?.countsTest ? this.#probes : null;
    return this.#evaluated(batches, counter);
  }

  /** What the probes have to know of an epoch that has ended. */
  async #measureEpoch(probes: PopulationProbes, epoch: number): Promise<void> {
    const { batchSize, shuffle } = this.#bucket;
    // Class weights count in training only.
    const sources = this.#members.map(({ trainingSeed, dataset }) => ({ trainingSeed, dataset }));
    const inference = probes.readsInference
      ? await this.#evaluated(trainingBatches(sources, batchSize, shuffle ? epoch : null), null)
      : [];
    await probes.endEpoch(epoch, this.#alive, inference);
    dispose([...inference]);
    this.#backend.use();
  }

  /** Loss times rows and right rows of batches in inference mode, each (models). */
  async #evaluated(
    batches: Iterable<Batch>,
    counter: PopulationProbes | null,
  ): Promise<readonly Tensor[]> {
    let totals: readonly Tensor[] = [];
    for (const batch of batches) {
      this.#backend.use();
      const before = totals;
      const [outputs, ...sums] = tidy(() => {
        const { loss, correct, outputs } = this.#population.evaluate(batch, false);
        return [outputs, ...this.#added(totals, [mul(loss, batch.labels.shape[1]!), correct])];
      });
      totals = sums;
      await counter?.countTest(outputs, batch);
      dispose([...before, outputs]);
      disposeBatch(batch);
    }
    this.#backend.use();
    return totals;
  }

  /** Columns of the epochs since `firstEpoch` that a network has finished. */
  #measuredSignals(member: number, firstEpoch: number, { loss }: Signals): Signals {
    const columns = Object.entries<Float32Array>(this.#probes?.signals(member) ?? {});
    const end = firstEpoch + loss!.length;
    return Object.fromEntries(columns.map(([name, all]) => [name, all.slice(firstEpoch, end)]));
  }

  #added(totals: readonly Tensor[], values: Tensor[]): Tensor[] {
    return totals.length === 0 ? values : values.map((value, i) => add(totals[i], value));
  }

  #signals(
    member: number,
    epochs: number,
    valueAt: (epoch: number, row: Row, member: number) => number,
  ): Signals {
    const { train, test } = this.#members[member].dataset;
    const mean = (row: Row, rows: number) =>
      Float32Array.from({ length: epochs }, (_, epoch) => valueAt(epoch, row, member) / rows);
    return {
      loss: mean(Row.loss, train.rows),
      accuracy: mean(Row.correct, train.rows),
      ...(this.#hasTest && {
        valLoss: mean(Row.valLoss, test.rows),
        valAccuracy: mean(Row.valCorrect, test.rows),
      }),
    };
  }
}

/** The values of one epoch, in the order in which `endEpoch` stacks them. */
const Row = { alive: 0, loss: 1, correct: 2, steps: 3, valLoss: 4, valCorrect: 5 } as const;
type Row = (typeof Row)[keyof typeof Row];
