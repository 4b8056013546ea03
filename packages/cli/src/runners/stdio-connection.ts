// A child process that speaks lines on stdin and stdout. Its stderr is kept back: drivers write
// warnings there that mean nothing, and matter only when the process dies.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type Connection, Inbox } from "./connection.ts";

const KEPT_STDERR = 4_000;

export function stdioConnection(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Connection {
  const inbox = new Inbox();
  // Its own process group, so that Ctrl-C reaches this process alone.
  const child = spawn(program, args, {
    env,
    stdio: "pipe",
    detached: process.platform !== "win32",
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr = (stderr + chunk).slice(-KEPT_STDERR);
  });
  createInterface({ input: child.stdout }).on("line", (line) => inbox.push(line));
  // Writing to a process that has died fails here as well; "close" tells why.
  child.stdin.on("error", () => {});
  child.on("error", (error) => inbox.lose(`${program} could not be started: ${error.message}`));
  const closed = new Promise<void>((resolve) => {
    child.on("close", (code, signal) => {
      inbox.lose(`${program} ended with ${signal ?? `exit code ${code}`}.\n${stderr.trim()}`);
      resolve();
    });
  });
  return {
    send: (line) => child.stdin.write(`${line}\n`),
    onLine: (listener) => inbox.onLine(listener),
    onLost: (listener) => inbox.onLost(listener),
    async close() {
      inbox.onLost(() => {});
      // A host ends with its stdin; one that is stuck inside a driver does not.
      child.stdin.end();
      const killer = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await closed;
      clearTimeout(killer);
    },
  };
}
