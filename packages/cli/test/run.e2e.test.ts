// clab run and clab report on the cpu engine: what is written, what is printed, what an interrupt
// leaves, and that a saved run gives its report again.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { Report, Trial } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { clab, startClab, temporaryFolder } from "./clab.ts";

function runFolder(out: string): string {
  const [name, ...others] = readdirSync(out);
  expect(others).toEqual([]);
  return join(out, name);
}

function trials(folder: string): Trial[] {
  const lines = readFileSync(join(folder, "trials.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

const CPU = ["--engine", "cpu"];

test("a run leaves a folder from which clab report makes the same report, byte for byte", async () => {
  const out = temporaryFolder();
  const exported = join(temporaryFolder(), "deep/report");
  const { code, stdout, stderr } = await clab([
    ...["run", "examples/article-1.yaml", ...CPU, "--seeds", "5", "--out", out],
    ...["--export-json", `${exported}.json`, "--export-html", `${exported}.html`],
    ...["--export-markdown", `${exported}.md`],
  ]);
  expect(code, stderr).toBe(0);
  const folder = runFolder(out);
  expect(folder).toMatch(/article-1-[0-9a-f]{8}$/);
  expect(readdirSync(folder).sort()).toEqual([
    "curves",
    "environment.json",
    "report.html",
    "report.json",
    "spec.resolved.json",
    "trials.jsonl",
  ]);
  expect(trials(folder)).toHaveLength(10);
  const [json, html] = ["report.json", "report.html"].map((name) =>
    readFileSync(join(folder, name), "utf8"),
  );
  expect(readFileSync(`${exported}.json`, "utf8")).toBe(json);
  expect(readFileSync(`${exported}.html`, "utf8")).toBe(html);
  expect(readFileSync(`${exported}.md`, "utf8")).toContain("normalized");

  for (const name of ["report.json", "report.html"]) rmSync(join(folder, name));
  const again = await clab(["report", folder]);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toBe(stdout);
  expect(readFileSync(join(folder, "report.json"), "utf8")).toBe(json);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toBe(html);
});

test("the report says which engine ran and why, and every claim has its verdict", async () => {
  const exported = join(temporaryFolder(), "report.json");
  const args = ["run", "examples/article-1.yaml", ...CPU, "--seeds", "20", "--out"];
  const { stderr } = await clab([...args, temporaryFolder(), "--export-json", exported]);
  const report = JSON.parse(readFileSync(exported, "utf8")) as Report;
  expect(report.engine).toMatchObject({
    name: "cpu",
    reason: "It was asked for with --engine cpu.",
  });
  expect(stderr).toContain("It was asked for with --engine cpu.");
  expect(report.variants.normalized.final.loss.n).toBe(20);
  expect(report.claims).toHaveLength(1);
  expect(["supported", "contradicted", "undecided"]).toContain(report.claims[0].verdict);
});

test("--quiet leaves stderr empty, and several specs go in one call", async () => {
  const out = temporaryFolder();
  const spec = join(temporaryFolder(), "tiny.yaml");
  writeFileSync(spec, TINY);
  const specs = [spec, "examples/article-1.yaml"];
  const { code, stderr } = await clab(["run", ...specs, ...CPU, "--quiet", "--out", out]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(readdirSync(out)).toHaveLength(2);
  const exporting = await clab(["run", ...specs, "--export-json", "x.json"]);
  expect(exporting.code).toBe(2);
});

const TINY = `name: tiny
data: { source: { kind: inline, rows: [[0, 1], [1, 0], [2, 2]], labels: [a, b, a] } }
model: { layers: [{ units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, optimizer: sgd, learningRate: 0.1, epochs: 3 }
seeds: { training: 3 }
`;

test("a diverged network is a result", async () => {
  const out = temporaryFolder();
  const spec = join(temporaryFolder(), "diverges.yaml");
  const layers = "[{ units: 4 }, { units: 4 }, { units: 1, activation: sigmoid }]";
  writeFileSync(spec, TINY.replace("0.1", "1e30").replace(/layers: .*\]/, `layers: ${layers}`));
  const { code, stderr } = await clab(["run", spec, ...CPU, "--out", out]);
  expect(code, stderr).toBe(0);
  expect(trials(runFolder(out)).map((trial) => trial.status)).toEqual(Array(3).fill("diverged"));
});

test("Ctrl-C keeps what is finished; --resume goes on to the report of an undisturbed run", async () => {
  const out = temporaryFolder();
  const args = ["run", "examples/article-2.yaml", ...CPU, "--seeds", "8", "--data-seeds", "8"];
  const child = startClab([...args, "--out", out]);
  const stderr = text(child.stderr);
  const closed = new Promise((done) => child.on("close", done));
  while (child.exitCode === null && !hasTrials(out)) await setTimeout(20);
  child.kill("SIGINT");
  expect(await closed).toBe(130);
  const path = runFolder(out);
  const finished = trials(path).length;
  expect(finished).toBeGreaterThan(0);
  expect(finished).toBeLessThan(45);
  expect(await stderr).toContain(`${finished} of 45 networks are saved in ${path}`);
  expect(await stderr).toContain("--resume");

  const partial = await clab(["report", path]);
  expect(partial.code).toBe(0);
  expect(partial.stderr).toContain(`about ${finished} of 45 networks`);

  expect((await clab([...args, "--out", out, "--resume"])).code).toBe(0);
  expect(trials(path)).toHaveLength(45);
  const undisturbed = temporaryFolder();
  expect((await clab([...args, "--out", undisturbed])).code).toBe(0);
  expect(readFileSync(join(path, "report.json"), "utf8")).toBe(
    readFileSync(join(runFolder(undisturbed), "report.json"), "utf8"),
  );
});

function hasTrials(out: string): boolean {
  const [name] = readdirSync(out);
  const file = join(out, name ?? "", "trials.jsonl");
  return name !== undefined && existsSync(file) && readFileSync(file).length > 0;
}

test("a folder that cannot be written is named: exit code 3", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const { code, stderr } = await clab(["run", "examples/article-1.yaml", ...CPU, "--out", file]);
  expect(code).toBe(3);
  expect(stderr).toContain(`cannot write ${file}`);
});

test("a curves file that was cut off is refused: exit code 3", async () => {
  const out = temporaryFolder();
  await clab(["run", "examples/article-1.yaml", ...CPU, "--seeds", "2", "--out", out]);
  const curves = join(runFolder(out), "curves/0000.f32");
  writeFileSync(curves, readFileSync(curves).subarray(0, -8));
  const { code, stderr } = await clab(["report", runFolder(out)]);
  expect(code).toBe(3);
  expect(stderr).toContain("cut off");
});

test("probes: asked for on the command line, saved with the run, exported as CSV", async () => {
  const out = temporaryFolder();
  const csv = join(out, "probes.csv");
  const args = [
    ...["run", "examples/article-1.yaml", ...CPU, "--seeds", "2"],
    "--out",
    join(out, "runs"),
  ];
  const probe = ["--probe", "gradientNorm,saturatedShare,confusion", "--export-probes", csv];
  const { code, stderr } = await clab([...args, ...probe]);
  expect(code, stderr).toBe(0);
  const lines = readFileSync(csv, "utf8").trimEnd().split("\r\n");
  const ofNormalized = lines.filter((line) => line.startsWith("normalized,1,0,"));
  expect(ofNormalized.some((line) => line.includes(",gradientNorm,1,"))).toBe(true);
  const report = JSON.parse(
    readFileSync(join(runFolder(join(out, "runs")), "report.json"), "utf8"),
  );
  expect(report.probes).toEqual({
    asked: ["gradientNorm", "saturatedShare", "confusion"],
    notMeasured: [],
  });

  const resumed = await clab([...args, ...probe, "--resume"]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(readFileSync(csv, "utf8").trimEnd().split("\r\n")).toEqual(lines);

  const mistyped = await clab([...args, "--probe", "gradientNrom"]);
  expect(mistyped.code).not.toBe(0);
  expect(mistyped.stderr).toContain('Did you mean "gradientNorm"?');
});
