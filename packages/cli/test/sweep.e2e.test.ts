// clab sweep and clab merge as a user runs them: killed, interrupted, divided, and gone on with.

import { spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { uniformAt } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { clab, root, startClab, temporaryFolder } from "./clab.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

writeFileSync(
  at("small.yaml"),
  `name: small
data:
  source: { kind: numpy, features: { rand: [40, 3] }, labels: { randint: { low: 0, high: 2, size: 40 } } }
  split: { testSize: 0.25 }
model: { layers: [{ units: 4, activation: relu }, { units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, epochs: 8, batchSize: 8 }
seeds: { training: 2 }
`,
);

/** 24 trials of 2 networks in 8 chunks. */
const SWEEP = [
  ...["sweep", at("small.yaml"), "--engine", "cpu", "--chunk", "6", "--quiet"],
  ...["--set", "lr=log(1e-3,1,4)", "--set", "units=2,4,8", "--set", "batch_size=8,16"],
];

function sweepInto(out: string, ...more: string[]) {
  return clab([...SWEEP, "--out", at(out), ...more]);
}

/** The one folder of a sweep that lies in another. */
function runFolder(out: string): string {
  const names = readdirSync(at(out));
  expect(names).toHaveLength(1);
  return join(at(out), names[0]);
}

function trials(path: string): string {
  return readFileSync(join(path, "trials.jsonl"), "utf8");
}

function curves(path: string): string {
  return readFileSync(join(path, "curves.jsonl"), "utf8");
}

async function undisturbed(): Promise<string> {
  if (!existsSync(at("whole"))) {
    const { code, stderr } = await sweepInto("whole");
    expect(code, stderr).toBe(0);
  }
  return trials(runFolder("whole"));
}

test("a sweep writes a line per trial and prints the best; a second run trains nothing", async () => {
  const lines = (await undisturbed()).split("\n").slice(0, -1);
  expect(lines.map((line) => JSON.parse(line).index)).toEqual(
    Array.from({ length: 24 }, (_, i) => i),
  );
  const again = await sweepInto("whole", "--json");
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    name: "small",
    metric: { name: "valLoss", goal: "minimize" },
    trials: { total: 24, finished: 24 },
  });
  expect(trials(runFolder("whole"))).toBe(await undisturbed());
  const values = lines.map((line) => JSON.parse(line).value as number);
  expect(JSON.parse(again.stdout).best[0].value).toBe(Math.min(...values));
  const learned = curves(runFolder("whole")).trimEnd().split("\n");
  expect(learned.map((line) => JSON.parse(line).index)).toEqual(lines.map((_, i) => i));
  expect(JSON.parse(learned[0]).epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const table = await sweepInto("whole");
  expect(table.stdout).toContain(
    "small: 24 trials of 2 networks each, validation loss, least first",
  );
  const log = readFileSync(join(runFolder("whole"), "chunks.jsonl"), "utf8");
  expect(log.trimEnd().split("\n")).toHaveLength(8);
});

test("killed at fifty random moments it comes to the same file", async () => {
  const whole = await undisturbed();
  const kills = { starting: 0, training: 0 };
  for (let round = 0; kills.starting + kills.training < 50; round++) {
    // Chunks of one trial: a file is written to 24 times.
    const args = [...SWEEP.with(SWEEP.indexOf("6"), "2"), "--out", at(`killed-${round}`)];
    for (let isThrough = false; !isThrough; ) {
      const kill = kills.starting + kills.training;
      const child = kill < 50 ? killedProcess(args, round, kill) : startClab(args);
      const code = await new Promise<number | null>((done) => child.on("close", done));
      isThrough = code !== null;
      if (isThrough) expect(code).toBe(0);
      else kills[isLate(kill) ? "training" : "starting"]++;
    }
    const path = runFolder(`killed-${round}`);
    expect(trials(path), `round ${round}`).toBe(whole);
    expect(curves(path), `round ${round}`).toBe(curves(runFolder("whole")));
    expect(readdirSync(path).filter((name) => name.startsWith("lock."))).toEqual([]);
  }
  expect(kills.training).toBeGreaterThan(20);
});

/** Two of three kills come soon after the process has written, the others in its first half second. */
function isLate(kill: number): boolean {
  return uniformAt(0, 0, kill) > 1 / 3;
}

/** A process that gets SIGKILL at a moment that the number of the kill decides. */
function killedProcess(args: readonly string[], round: number, kill: number) {
  const before = lengthOf(`killed-${round}`);
  const child = startClab(args);
  const share = uniformAt(0, 1, kill);
  const dies = async () => {
    if (isLate(kill)) {
      while (child.exitCode === null && lengthOf(`killed-${round}`) === before) await sleep(1);
      await sleep(25 * share);
    } else {
      await sleep(500 * share);
    }
    child.kill("SIGKILL");
  };
  void dies();
  return child;
}

function lengthOf(out: string): number {
  return existsSync(at(out)) ? trialsSoFar(out).length : 0;
}

test("a trial and a curve that are cut off come again", async () => {
  const whole = await undisturbed();
  cpSync(at("whole"), at("torn"), { recursive: true });
  const file = join(runFolder("torn"), "trials.jsonl");
  writeFileSync(file, whole.slice(0, -40));
  appendFileSync(file, '{"index":23,"id":"');
  const before = curves(runFolder("torn"));
  expect((await sweepInto("torn")).code).toBe(0);
  expect(trials(runFolder("torn"))).toBe(whole);
  expect(curves(runFolder("torn"))).toBe(before);
  // A chunk's curves are written before its trials.
  writeFileSync(file, `${whole.split("\n").slice(0, 21).join("\n")}\n`);
  appendFileSync(join(runFolder("torn"), "curves.jsonl"), '{"index":2');
  expect((await sweepInto("torn")).code).toBe(0);
  expect([trials(runFolder("torn")), curves(runFolder("torn"))]).toEqual([whole, before]);
});

test("a line that is none is told with its number", async () => {
  await undisturbed();
  cpSync(at("whole"), at("spoiled"), { recursive: true });
  const file = join(runFolder("spoiled"), "trials.jsonl");
  writeFileSync(file, trials(runFolder("spoiled")).replace('{"index":1,', '{"indx":1,'));
  const { code, stderr } = await sweepInto("spoiled");
  expect(stderr).toContain("trials.jsonl, line 2: it is no line of a sweep");
  expect(code).toBe(3);
});

test("going on with another adapter is told", async () => {
  await undisturbed();
  cpSync(at("whole"), at("elsewhere"), { recursive: true });
  const path = runFolder("elsewhere");
  const environment = readFileSync(join(path, "environment.json"), "utf8");
  writeFileSync(
    join(path, "environment.json"),
    environment.replaceAll("WebAssembly SIMD, float32", "another adapter"),
  );
  writeFileSync(join(path, "trials.jsonl"), trials(path).split("\n").slice(0, 3).join("\n"));
  const { code, stderr } = await sweepInto("elsewhere");
  expect(code).toBe(0);
  expect(stderr).toContain("were trained on cpu, another adapter");
  expect(trials(path)).toBe(await undisturbed());
});

test("shards, merged in any order, are what one process writes", async () => {
  const whole = await undisturbed();
  for (const shard of ["3/3", "1/3", "2/3"]) {
    const { code, stderr } = await sweepInto("shards", "--shard", shard);
    expect(code, stderr).toBe(0);
  }
  const parts = readdirSync(at("shards")).map((name) => join(at("shards"), name));
  expect(parts.map((part) => part.slice(-12))).toEqual([
    "shard-1-of-3",
    "shard-2-of-3",
    "shard-3-of-3",
  ]);
  const some = await clab(["merge", parts[2], parts[0], "--out", at("merged/small")]);
  expect(some.code).toBe(5);
  expect(some.stderr).toContain("Of 3 shards, counted from 1: 2; counted from 0: 1.");
  const all = await clab(["merge", at("shards"), "--out", at("merged/small")]);
  expect(all.code, all.stderr).toBe(0);
  expect(trials(at("merged/small"))).toBe(whole);
  expect(curves(at("merged/small"))).toBe(curves(runFolder("whole")));
  expect(all.stdout).toContain("small: 24 trials of 2 networks each");
});

test("what a scheduler says is the shard", async () => {
  const args = [...SWEEP.filter((arg) => arg !== "--quiet"), "--shard", "auto/4", "--plan"];
  const { code, stdout, stderr } = await clab(args, { env: { JOB_COMPLETION_INDEX: "1" } });
  expect(code).toBe(0);
  expect(stderr).toContain(
    "Shard 2 of 4 (JOB_COMPLETION_INDEX=1, counted from 0): 2 chunks 1, 5 of 0 to 7; 6 trials.",
  );
  const planned = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(planned.map(({ index, chunk }) => [index, chunk])).toEqual([
    [3, 1],
    [4, 1],
    [5, 1],
    [15, 5],
    [16, 5],
    [17, 5],
  ]);
});

test("a folder is not merged with another sweep's, nor with changed numbers", async () => {
  await undisturbed();
  await sweepInto("other", "--seeds", "1");
  const others = await clab(["merge", at("whole"), at("other"), "--out", at("mixed")]);
  expect(others.code).toBe(2);
  expect(others.stderr).toContain("is of another sweep than");
  expect(others.stderr).toContain('-      "training": 2');
  expect(existsSync(at("mixed"))).toBe(false);
  cpSync(at("whole"), at("changed"), { recursive: true });
  const file = join(runFolder("changed"), "trials.jsonl");
  writeFileSync(file, trials(runFolder("changed")).replace(/"value":0\.(\d)/, '"value":9.$1'));
  const changed = await clab(["merge", at("whole"), at("changed"), "--out", at("mixed")]);
  expect(changed.code).toBe(3);
  expect(changed.stderr).toContain("trial 0 is not the same in");
  expect(existsSync(join(at("mixed"), "trials.jsonl"))).toBe(false);
});

test("a changed sweep of the same name is refused with what changed, and --fresh begins it", async () => {
  const before = await undisturbed();
  const { code, stderr } = await sweepInto("whole", "--seeds", "1");
  expect(code).toBe(2);
  expect(stderr).toContain("holds another sweep of the name small");
  expect(stderr).toContain('-      "training": 2');
  expect(stderr).toContain('+      "training": 1');
  cpSync(at("whole"), at("beside"), { recursive: true });
  const first = runFolder("beside");
  expect((await sweepInto("beside", "--seeds", "1", "--fresh")).code).toBe(0);
  expect((await sweepInto("beside", "--seeds", "1")).code).toBe(0);
  expect(readdirSync(at("beside"))).toHaveLength(2);
  expect(trials(first)).toBe(before);
});

test("two processes do not write into one folder", async () => {
  // Minutes, so that it goes on for as long as the second takes to start.
  const long = [...SWEEP, "--out", at("twice"), "--set", "epochs=400000"];
  const first = startClab(long);
  const ended = new Promise<number | null>((done) => first.on("close", done));
  while (!existsSync(at("twice")) || !isLocked(at("twice"))) await sleep(20);
  const second = await clab(long);
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/process \d+ on \S+ writes into/);
  first.kill("SIGKILL");
  await ended;
});

function isLocked(out: string): boolean {
  return readdirSync(out).some((name) =>
    readdirSync(join(out, name)).some((file) => file.startsWith("lock.")),
  );
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s finishes the chunk and says how to go on",
  async (signal) => {
    const whole = await undisturbed();
    const stopped = `stopped-${signal}`;
    const args = [...SWEEP, "--out", at(stopped)];
    const child = startClab(args);
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    const ended = new Promise<number | null>((done) => child.on("close", done));
    while (!existsSync(at(stopped)) || trialsSoFar(stopped) === "") await sleep(5);
    child.kill(signal);
    const code = await ended;
    // On a fast machine the rest may be trained before the signal arrives.
    if (code !== 0) {
      expect(code).toBe(130);
      expect(stderr).toMatch(/resume with: .*sweep .*small\.yaml/);
      const lines = trials(runFolder(stopped)).split("\n").length - 1;
      expect(lines % 3).toBe(0);
      expect(whole.startsWith(trials(runFolder(stopped)))).toBe(true);
    }
    expect((await clab(args)).code).toBe(0);
    expect(trials(runFolder(stopped))).toBe(whole);
  },
);

test("a second Ctrl-C ends it at once, and the next process goes on", async () => {
  const whole = await undisturbed();
  // One chunk that takes minutes.
  const long = [...SWEEP.with(SWEEP.indexOf("6"), "48"), "--set", "epochs=400000"];
  const child = startClab([...long.filter((arg) => arg !== "--quiet"), "--out", at("ended")]);
  const ended = new Promise<number | null>((done) => child.on("close", done));
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  while (!stderr.includes("cpu engine")) await sleep(10);
  child.kill("SIGINT");
  while (!stderr.includes("Ctrl-C again")) await sleep(10);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(trialsSoFar("ended")).toBe("");
  expect((await sweepInto("ended", "--fresh")).code).toBe(0);
  const path = readdirSync(at("ended")).find((name) => trials(join(at("ended"), name)) !== "");
  expect(trials(join(at("ended"), path!))).toBe(whole);
});

function trialsSoFar(out: string): string {
  const [name] = readdirSync(at(out));
  const file = join(at(out), name ?? "", "trials.jsonl");
  return name !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
}

test("a folder that cannot be made is told", async () => {
  const { code, stderr } = await sweepInto("small.yaml/runs");
  expect(code).toBe(3);
  expect(stderr).toContain("a part of its path is not a folder");
});

test.skipIf(process.platform !== "linux")("a folder that takes no folder is told", async () => {
  const { code, stdout, stderr } = await clab([...SWEEP, "--out", "/proc/clab/runs"]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(
    /cannot write \/proc\/clab\/runs\/small-\w+: no folder can be made in \/proc\.$/m,
  );
});

/** To root every folder can be written, unless it is root without that right. */
const AS_OTHERS =
  process.getuid?.() === 0
    ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    : [];

test("a read-only folder keeps what it has", async () => {
  const whole = await undisturbed();
  cpSync(at("whole"), at("read-only"), { recursive: true });
  chmodSync(runFolder("read-only"), 0o500);
  const program = [...AS_OTHERS, process.execPath];
  const { code, stderr } = await clab([...SWEEP, "--out", at("read-only")], { program });
  chmodSync(runFolder("read-only"), 0o700);
  expect(code).toBe(3);
  expect(stderr).toContain("permission was denied");
  expect(trials(runFolder("read-only"))).toBe(whole);
});

test("when the disk has no more room nothing is lost, and the rest is trained later", async () => {
  const whole = await undisturbed();
  // A limit on file sizes fails a write in the middle, as a full disk does.
  const kib = Math.floor(whole.length / 2 / 1024);
  const full = await limited(kib, [...SWEEP, "--out", at("full")]);
  expect(full.code, full.stderr).toBe(3);
  expect(full.stderr).toContain("cannot write");
  expect(full.stderr).toMatch(/go on with: .*sweep .*small\.yaml/);
  const kept = trials(runFolder("full"));
  expect(kept.length).toBeGreaterThan(0);
  expect(whole.startsWith(kept)).toBe(true);
  expect(kept.endsWith("\n")).toBe(true);
  expect((await sweepInto("full")).code).toBe(0);
  expect(trials(runFolder("full"))).toBe(whole);
});

/** The command in a shell whose files may have so many KiB. */
async function limited(kib: number, args: readonly string[]) {
  const bin = join(root, "packages/cli/dist/bin.js");
  const child = spawn("bash", [
    "-c",
    `ulimit -f ${kib}; exec "$@"`,
    "-",
    process.execPath,
    bin,
    ...args,
  ]);
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, stderr };
}

test("a sweep of Weights & Biases beside its spec, halved inside the population", async () => {
  mkdirSync(at("wandb"));
  writeFileSync(
    at("wandb/sweep.yaml"),
    `program: train.py
spec: ../small.yaml
name: halved
method: halving
metric: { name: val_accuracy, goal: maximize }
run_cap: 9
parameters:
  learning_rate: { distribution: log_uniform_values, min: 0.001, max: 1 }
  optimizer: { values: [adam, sgd] }
  momentum: { values: [0, 0.9], when: { optimizer: sgd } }
`,
  );
  const { code, stdout, stderr } = await clab([
    ...["sweep", at("wandb/sweep.yaml"), "--engine", "cpu", "--out", at("halved"), "--json"],
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("Without meaning here: program.");
  const { trials: counts } = JSON.parse(stdout);
  // Of 9 trials 3 go on after 1 epoch of 8, and 1 of those after 3.
  expect(counts).toMatchObject({ total: 9, finished: 9, pruned: 8 });
});

test("the example plans its trials", async () => {
  const { code, stdout, stderr } = await clab(["sweep", "examples/sweep.yaml", "--plan"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("wine-sweep: 81 trials, 405 networks, 1 chunk");
  const planned = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).params);
  expect(planned).toHaveLength(81);
  expect(planned.every((params) => "momentum" in params === (params.optimizer === "sgd"))).toBe(
    true,
  );
});

test.each([
  ["lr-range", 13, 4],
  ["k-fold", 1, 10],
])("--preset %s", async (preset, count, networks) => {
  const args = ["sweep", at("small.yaml"), "--engine", "cpu", "--preset", preset];
  const { code, stdout, stderr } = await clab([...args, "--out", at(preset)]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`small: ${count} trial`);
  expect(stdout).toContain(`of ${networks} networks each`);
});

test("--retry all trains everything again", async () => {
  const whole = await undisturbed();
  cpSync(at("whole"), at("again"), { recursive: true });
  const { code } = await sweepInto("again", "--retry", "all");
  expect(code).toBe(0);
  expect(trials(runFolder("again"))).toBe(whole);
});

test.each([
  [["--set", "lr"], "--set lr sets nothing"],
  [["--set", "lr=logs(1,2)"], "there is no logs"],
  [["--set", "colour=red"], "parameters.colour is nothing that a spec can vary"],
  [["--set", "units=0"], "parameters.units has 0, with which model.layers[0].units is 0"],
  [[], "nothing says what is varied"],
  [["--set", "lr=1", "--shard", "9/8"], "--shard is 9/8"],
  [["--set", "lr=1", "--run-cap", "0"], "--run-cap is 0"],
  [["--set", "lr=1", "--metric", "f1"], 'metric.name is "f1"'],
  [["--set", "lr=uniform(0,1)", "--method", "grid"], "is a range; a grid needs values"],
])("%j is a mistake", async (args, message) => {
  const { code, stdout, stderr } = await clab(["sweep", at("small.yaml"), ...args]);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});
