// The built command line as a test runs it: a process of its own, with no terminal and no colour.

import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

export const root = resolve(import.meta.dirname, "../../..");
const bin = join(root, "packages/cli/dist/bin.js");

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** What runs the command line, with its arguments; this Node without it. */
  readonly program?: readonly string[];
}

export async function clab(args: readonly string[], options: Options = {}): Promise<Result> {
  const child = startClab(args, options);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on("close", done)),
  ]);
  return { code, stdout, stderr };
}

export function startClab(args: readonly string[], options: Options = {}) {
  const { env = {}, stdin = "", program: [name, ...flags] = [process.execPath] } = options;
  const { FORCE_COLOR: _, CI: __, ...rest } = process.env;
  const child = spawn(name, [...flags, bin, ...args], { cwd: root, env: { ...rest, ...env } });
  child.stdin.end(stdin);
  return child;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "clab-e2e-"));
}
