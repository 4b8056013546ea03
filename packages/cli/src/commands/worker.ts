// clab worker: takes chunks of sweeps out of a queue and trains them, until it is stopped.

import { CliError, EXIT } from "../errors.ts";
import { onInterrupt } from "../interrupt.ts";
import { ChunkTrainer, UnusableSweep } from "../queue/chunk-trainer.ts";
import { loadQueue } from "../queue/load-queue.ts";
import type { EnginesRequest } from "../runners/open-engines.ts";
import { note } from "../terminal.ts";

export interface WorkerOptions extends EnginesRequest {
  readonly queue: string;
  readonly lockSeconds: number;
  readonly untilEmpty: boolean;
  readonly quiet: boolean;
}

export async function worker(options: WorkerOptions): Promise<number> {
  const { queue: url, lockSeconds, untilEmpty, quiet } = options;
  if (!(lockSeconds >= 1)) {
    throw new CliError("CLI_USAGE", `--lock-seconds is ${lockSeconds}; it must be 1 or more.`);
  }
  const { SweepQueue, workOn } = await loadQueue();
  const address = await knock(await SweepQueue.open(url));
  const interrupt = onInterrupt();
  const says = quiet ? () => {} : note;
  const trainer = await ChunkTrainer.open(options, note);
  const { name: engine, adapter, reason } = trainer.info;
  try {
    says(`Working on ${address}: ${engine} engine, ${adapter}. ${reason}`);
    const end = await workOn(url, {
      engine,
      adapter,
      concurrency: trainer.size,
      lockSeconds,
      untilEmpty,
      signal: interrupt.signal,
      train: (sweep, chunk) => trainer.train(sweep, chunk),
      isFinal: (error) => error instanceof UnusableSweep,
      onDone: (name, chunk) => says(`${name}: chunk ${chunk} is done.`),
      onFailure: (name, chunk, { message }) => note(`${name}: chunk ${chunk} failed: ${message}`),
    });
    says(`${end.done} chunks were done here.`);
    if (end.why === "empty") return EXIT.ran;
    if (end.why === "stopped") return EXIT.interrupted;
    throw new CliError(
      "CLI_NO_ADAPTER",
      `three chunks in a row failed on ${adapter} (${engine} engine), so this worker has left the queue; others can train them. The last one: ${end.error?.message}`,
    );
  } finally {
    await trainer.dispose();
    interrupt.release();
  }
}

/** Before any engine is opened, which takes longer. */
async function knock(queue: {
  readonly address: string;
  readonly warning: string | undefined;
  close(): Promise<void>;
}): Promise<string> {
  if (queue.warning !== undefined) note(queue.warning);
  await queue.close();
  return queue.address;
}
