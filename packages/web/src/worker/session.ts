// One element's experiment in the worker: opened, trained, diagnosed. What a call needs beside this
// is loaded with the first call that needs it, so that looking costs little.

import type { Engine, Plan, ReadTable, Report } from "@convergence-lab/core";
import type {
  Calls,
  Control,
  Diagnosed,
  Download,
  DownloadKind,
  EngineChoice,
  Opened,
  ReadSource,
  Source,
  Told,
  Trained,
} from "../messages.ts";
import type { OpenExperiment, Rows } from "./experiment.ts";
import type { Engines } from "./open-engine.ts";
import { Gate, inTurn, type Turns } from "./turns.ts";

export type Tell = (event: Told, transfer?: ArrayBuffer[]) => void;

/** What all sessions of a page share. */
export interface Shared {
  readonly engines: Engines;
  readonly turns: Turns;
}

type Handlers = {
  [Name in keyof Calls]: (...args: Parameters<Calls[Name]>) => Promise<ReturnType<Calls[Name]>>;
};

export class Session implements Handlers {
  readonly #shared: Shared;
  readonly #tell: Tell;
  readonly #gate = new Gate();
  #signal = { aborted: false };
  /** Of files that were read. */
  #rows: Rows = { tables: new Map(), weights: new Map() };
  #source: unknown;
  #experiment: OpenExperiment | undefined;
  #report: Report | undefined;
  /** The table that a model is for. */
  #readTable: ReadTable | undefined;

  constructor(shared: Shared, tell: Tell) {
    this.#shared = shared;
    this.#tell = tell;
  }

  control(control: Control): void {
    if (control === "pause") this.#gate.close();
    else this.#gate.open();
    if (control === "stop" || control === "close") this.#signal.aborted = true;
  }

  async open({ preset, spec }: Source): Promise<Opened> {
    const [{ describeExperiment, openExperiment }, checks] = await Promise.all([
      import("./experiment.ts"),
      import("./checks.ts"),
    ]);
    const source = spec ?? (await presetSpec(preset));
    const experiment = openExperiment(source, this.#rows, checks);
    this.#source = source;
    this.#experiment = experiment;
    this.#report = undefined;
    return describeExperiment(source, experiment);
  }

  async train(choice: EngineChoice): Promise<Trained> {
    const signal = this.#begin();
    const { spec, plan, datasets, findings } = this.#opened();
    if (plan === undefined) throw new RangeError("This spec cannot be trained as it is written.");
    const { trainPopulation } = await import("./train-population.ts");
    const table = [...datasets.values()];
    return this.#withEngine(choice, plan, async (engine) => {
      const work = { spec, plan, datasets: table, linted: findings };
      const trained = await trainPopulation(work, engine, signal, this.#tell);
      this.#report = trained.report;
      return trained;
    });
  }

  async diagnose(choice: EngineChoice, variant?: string): Promise<Diagnosed> {
    const signal = this.#begin();
    const { spec } = this.#opened();
    const doctor = await import("./doctor.ts");
    const subject = { source: this.#source, spec, variant, ...this.#rows };
    const plan = doctor.planToDiagnose(subject);
    return this.#withEngine(choice, plan, async (engine) => {
      const diagnosed = await doctor.diagnoseIt(subject, engine, signal, this.#tell);
      this.#report = diagnosed.report;
      return diagnosed;
    });
  }

  async inspect(file: Blob, name: string) {
    return (await import("./read-files.ts")).inspectFile(file, name);
  }

  async table(file: Blob, name: string, target: string): Promise<ReadSource> {
    const read = await (await import("./read-files.ts")).readTableFile(file, name, target);
    this.#rows = { ...this.#rows, tables: read.tables };
    this.#readTable = read.read;
    return read;
  }

  async model(file: Blob, name: string): Promise<ReadSource> {
    return (await import("./read-files.ts")).readModelFile(file, name, this.#readTable);
  }

  async text(kind: DownloadKind): Promise<Download> {
    const { download } = await import("./doctor.ts");
    return download(kind, this.#source, this.#report);
  }

  #opened(): OpenExperiment {
    if (this.#experiment === undefined) throw new RangeError("Nothing is opened yet.");
    return this.#experiment;
  }

  /** Ends what goes on. At once, so that who stops it while its parts are loaded stops it as well. */
  #begin(): { readonly aborted: boolean } {
    this.#signal.aborted = true;
    this.#signal = { aborted: false };
    return this.#signal;
  }

  /** Does the work, and once more on the CPU where the device is lost for good. */
  async #withEngine<T>(
    choice: EngineChoice,
    plan: Plan,
    work: (engine: Engine) => Promise<T>,
  ): Promise<T> {
    const { engines, turns } = this.#shared;
    const use = (engine: Engine) => {
      this.#tell({ kind: "engine", info: engine.info });
      return work(inTurn(engine, turns, this.#gate));
    };
    const engine = await engines.open(choice, plan);
    try {
      return await use(engine);
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      if (code !== "GPU_DEVICE_LOST" || choice === "webgpu") throw error;
      await engines.dropWebGpu();
      return use(await engines.cpu(plan, `The GPU was lost: ${message}`));
    }
  }
}

async function presetSpec(name: string | undefined): Promise<unknown> {
  if (name === undefined) throw new RangeError("There is no spec: set spec, src or preset.");
  const { presetSpec: specOf } = await import("../presets/presets.ts");
  return specOf(name);
}
