// The command line in a terminal, which `script` of util-linux is for a process: what is drawn while
// it trains.

import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { root, temporaryFolder } from "./clab.ts";

const bin = join(root, "packages/cli/dist/bin.js");

const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes(
  "util-linux",
);

/** What a terminal of a hundred columns is sent, stdout and stderr together. */
async function inTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...rest } = process.env;
  const quoted = [process.execPath, bin, ...args].map((arg) => `'${arg}'`).join(" ");
  const command = `stty cols 100 rows 40; ${quoted}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    ...{ cwd: root, env: { ...rest, TERM: "xterm", ...env } },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [sent, code] = await Promise.all([
    text(child.stdout),
    new Promise((done) => child.on("close", done)),
  ]);
  expect(code, sent).toBe(0);
  return sent;
}

const run = () => [
  ...["run", "examples/article-2.yaml", "--seeds", "4", "--engine", "cpu"],
  ...["--out", temporaryFolder()],
];
const sweep = () => [
  ...["sweep", "examples/article-2.yaml", "--variant", "shallow", "--seeds", "4"],
  ...["--set", "lr=log(1e-3,1,4)", "--chunk", "4", "--engine", "cpu", "--out", temporaryFolder()],
];

const ESCAPE = "\u001b[";
const sequence = (end: string) => new RegExp(`\u001b\\[\\d*${end}`, "g");
const CURVE = /^ {2}(shallow|balanced|complex) +[▁-█ ]{24} {2}loss [\d.e-]+ to [\d.e-]+, epoch \d+/;
/** Lines as they were drawn, without what moves the cursor and what colours. */
const drawnLines = (sent: string) => sent.replaceAll(sequence("[A-Zm]"), "").split(/[\r\n]+/);

test.skipIf(!hasScript)("clab run draws the loss of its variants, and takes it away", async () => {
  const sent = await inTerminal(run());
  const curves = drawnLines(sent).filter((line) => CURVE.test(line));
  expect(curves.length).toBeGreaterThan(2);
  expect(sent).toContain(`${ESCAPE}36m`);
  // After the last drawing nothing of it stands above the report.
  const rest = sent.slice(sent.lastIndexOf(`${ESCAPE}J`));
  expect(drawnLines(rest).some((line) => CURVE.test(line) || line.includes("█ "))).toBe(false);
  expect(rest).toContain("Shallow, complex and balanced networks");
  for (const line of drawnLines(sent)) expect(line.length).toBeLessThan(101);
});

test.skipIf(!hasScript)("clab sweep draws the best trial and the one in training", async () => {
  const lines = drawnLines(await inTerminal(sweep(), { NO_COLOR: "1" }));
  const value = String.raw`valLoss [\d.e-]+ to [\d.e-]+, epoch \d+  lr=`;
  expect(lines.some((line) => new RegExp(`^  now {3}[▁-█ ]{24}  ${value}`).test(line))).toBe(true);
  expect(lines.some((line) => new RegExp(`^  best {2}[▁-█ ]{24}  ${value}`).test(line))).toBe(true);
});

test.skipIf(!hasScript)("NO_COLOR leaves colour out, and draws all the same", async () => {
  const sent = await inTerminal(run(), { NO_COLOR: "1" });
  expect(sent).not.toMatch(sequence("m"));
  expect(drawnLines(sent).some((line) => CURVE.test(line))).toBe(true);
});

test.skipIf(!hasScript).each([{ TERM: "dumb" }, { CI: "true" }])(
  "with %j nothing is drawn over",
  async (env) => {
    const sent = await inTerminal(run(), { ...env, NO_COLOR: "1" });
    expect(sent).not.toContain(ESCAPE);
    expect(sent).toContain("Shallow, complex and balanced networks");
  },
);
