// What `npm start` and `npm test` share: the version check, and steps that keep their output to
// themselves unless they fail. Plain Node, because nothing is installed yet when this runs.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const clab = join(root, "packages/cli/dist/bin.js");

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** "pnpm@12.21.0" */
const PNPM = manifest.packageManager.split("+")[0];

/** Nothing that a step starts reports home, or waits for an answer that nobody gives. */
const QUIET_TOOLS = {
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  DO_NOT_TRACK: "1",
  npm_config_update_notifier: "false",
  npm_config_loglevel: "error",
};

/** A step that failed; its output has been printed already. */
export class StepFailed extends Error {}

/** Stops here, with one sentence, on a Node that is too old. */
export function checkNode() {
  const needed = manifest.engines.node.replace(">=", "");
  if (isAtLeast(process.versions.node, needed)) return;
  console.error(
    `Node ${process.versions.node} is too old: this needs Node ${needed} or newer (https://nodejs.org).`,
  );
  process.exit(2);
}

function isAtLeast(version, needed) {
  const [a, b] = [version, needed].map((text) => text.split(".").map(Number));
  return a[0] > b[0] || (a[0] === b[0] && (a[1] > (b[1] ?? 0) || a[1] === (b[1] ?? 0)));
}

/** Everything that a command of this project needs; ends the process where that fails. */
export async function prepare() {
  checkNode();
  try {
    await install();
    await build();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.exit(1);
  }
}

export function install() {
  return step(`Installing packages with ${PNPM}`, ...pnpm("install", "--frozen-lockfile"));
}

export function build() {
  return turbo("Building all packages", "build");
}

/**
 * Runs one turbo task over all packages; the output of a package appears when it fails. Through
 * pnpm, because turbo looks for pnpm on the PATH, where a fresh machine has none.
 */
export function turbo(title, task) {
  return step(title, ...pnpm("exec", "turbo", "run", task, "--output-logs=errors-only"));
}

function pnpm(...args) {
  return ["npx", ["--yes", PNPM, ...args]];
}

/**
 * Runs a command with its output held back: one line when it starts, one when it is done, a sign
 * of life every 10 seconds between. When it fails, the output is printed and StepFailed thrown.
 */
export async function step(title, command, args, env = {}) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  console.error(`${title} ...`);
  const signOfLife = setInterval(() => console.error(`  still at it after ${seconds()}`), 10_000);
  const output = [];
  const code = await run(command, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    onOutput: (chunk) => output.push(chunk),
  });
  clearInterval(signOfLife);
  if (code === 0) {
    console.error(`  done in ${seconds()}`);
    return;
  }
  process.stderr.write(Buffer.concat(output));
  console.error(`${title}: failed after ${seconds()} (exit code ${code}).`);
  throw new StepFailed(title);
}

/** Runs a command from the repository root and gives its exit code; 127 when it cannot start. */
export function run(command, args, { env = {}, stdio = "inherit", onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio,
      env: { ...process.env, ...QUIET_TOOLS, ...env },
      // npx is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === "win32" && command === "npx",
    });
    child.stdout?.on("data", onOutput);
    child.stderr?.on("data", onOutput);
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
