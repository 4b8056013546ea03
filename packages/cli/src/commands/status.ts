// clab status: what a queue holds, and who works on it.

import type { ListedSweep, ListedWorker, QueueStatus } from "@convergence-lab/queue";
import { EXIT } from "../errors.ts";
import { loadQueue } from "../queue/load-queue.ts";
import { note, paint, printable, writeOut } from "../terminal.ts";

export interface StatusOptions {
  readonly queue: string;
  readonly json: boolean;
}

export async function status({ queue: url, json }: StatusOptions): Promise<number> {
  const { SweepQueue } = await loadQueue();
  const queue = await SweepQueue.open(url);
  try {
    if (queue.warning !== undefined) note(queue.warning);
    const found = await queue.status();
    await writeOut(json ? `${JSON.stringify(found, null, 2)}\n` : asText(found));
    return EXIT.ran;
  } finally {
    await queue.close();
  }
}

function asText({ address, sweeps, workers }: QueueStatus): string {
  const blocks = [
    `Queue  ${address}`,
    sweeps.length === 0
      ? "No sweep is queued."
      : [heading("Sweeps, in chunks"), ...sweeps.flatMap(sweepLines)].join("\n"),
    workers.length === 0
      ? "No worker is here; clab worker --queue starts one."
      : [heading("Workers"), ...workers.map(workerLine)].join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function heading(text: string): string {
  return paint("bold", text, process.stdout);
}

function sweepLines(sweep: ListedSweep): string[] {
  const { name, hash, chunks, done, active, waiting, failed, reasons } = sweep;
  const parts = [`${done}/${chunks} done`, `${active} in work`, `${waiting} waiting`];
  if (failed > 0) parts.push(paint("red", `${failed} failed`, process.stdout));
  const short = hash.slice(0, 8);
  return [
    `  ${printable(name)}-${short}  ${parts.join(", ")}`,
    ...reasons.map((reason) => `    ${printable(reason)}`),
  ];
}

function workerLine({ host, pid, engine, adapter, done, failed, left }: ListedWorker): string {
  const who = `  ${printable(host)} ${pid}  ${engine}, ${printable(adapter)}  ${done} done, ${failed} failed`;
  if (left === null) return who;
  return `${who}\n    ${paint("red", "left", process.stdout)}: ${printable(left)}`;
}
