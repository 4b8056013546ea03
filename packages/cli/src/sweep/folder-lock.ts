// That one process at a time writes into a folder. Every process makes a file that its name and its
// machine's are in, and then looks for others: of two that start at once at least one sees the other,
// and no file is ever taken from a process that lives.

import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { CliError } from "../errors.ts";
import { writing } from "../files.ts";

const PREFIX = "lock.";

/** How often a process shows that it lives, to those on other machines that cannot ask for it. */
const BEAT_MS = 20_000;

/** After so long without a sign another machine's process has ended. */
const SILENT_MS = 120_000;

export interface FolderLock {
  release(): void;
}

/** @throws CliError CLI_IN_USE when another process writes into the folder. */
export function lockFolder(folder: string): FolderLock {
  const own = `${PREFIX}${HOST}.${process.pid}`;
  const path = join(folder, own);
  writing(path, () => writeFileSync(path, ""));
  for (const name of readdirSync(folder)) {
    const other = holderOf(name);
    if (other === undefined || name === own) continue;
    const otherPath = join(folder, name);
    if (hasEnded(other, otherPath)) {
      rmSync(otherPath, { force: true });
      continue;
    }
    rmSync(path, { force: true });
    throw new CliError(
      "CLI_IN_USE",
      `process ${other.pid} on ${other.host} writes into ${folder}. Wait for it, or divide the work with --shard; if it has ended, remove ${otherPath}.`,
    );
  }
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // Whoever removed the file knows why.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      rmSync(path, { force: true });
    },
  };
}

const HOST = hostname().replace(/[^\w-]/g, "_");

interface Holder {
  readonly host: string;
  readonly pid: number;
}

/** The process that a file of this name stands for. */
function holderOf(name: string): Holder | undefined {
  const [, host, pid] = /^lock\.([\w-]*)\.(\d+)$/.exec(name) ?? [];
  return host === undefined ? undefined : { host, pid: Number(pid) };
}

function hasEnded({ host, pid }: Holder, path: string): boolean {
  if (host === HOST) return !isAlive(pid);
  const sign = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return sign === undefined || Date.now() - sign > SILENT_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be asked, and is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
