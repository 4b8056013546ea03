// What every command has in common: help, exit codes, what goes where, colour, the environment.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { OPTIONS_OF } from "../src/options.ts";
import { clab, root, startClab, temporaryFolder } from "./clab.ts";

const COMMANDS = Object.keys(OPTIONS_OF).filter((name) => name !== "completion");

test("the help of clab lists every command, after examples", async () => {
  const { code, stdout, stderr } = await clab(["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const listed = [...stdout.matchAll(/^ {2}clab ([\w-]+)/gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(new Set([...COMMANDS, "completion"]));
  expect(stdout.indexOf("Examples:")).toBeLessThan(stdout.indexOf("Commands:"));
});

test.each(COMMANDS)("clab %s --help has examples first, and every option", async (command) => {
  const { code, stdout, stderr } = await clab([command, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const examples = stdout.indexOf("Examples:");
  expect(examples).toBeGreaterThan(0);
  expect(examples).toBeLessThan(stdout.search(/^(Positionals|Table|Training|Engine|Options):/m));
  expect(stdout).toContain(`  clab ${command}`);
  // Those of `clab bench compare` stand in a help of their own.
  for (const name of Object.keys(OPTIONS_OF[command]).filter(
    (each) => command !== "bench" || each !== "export-html",
  )) {
    expect(stdout).toMatch(new RegExp(`^ +--${name} `, "m"));
  }
  // A line that is wider than the terminal cannot be read.
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
});

test.each(COMMANDS)("clab %s refuses an option that it does not have with 2", async (command) => {
  const demanded = Object.entries(OPTIONS_OF[command]).filter(([, option]) => option.demandOption);
  const flags = demanded.flatMap(([name]) => [`--${name}`, "x"]);
  const { code, stdout, stderr } = await clab([command, "x", "y", "--jsonn", ...flags]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: clab .*(has no option --jsonn|does not take)/);
  expect(stderr).not.toContain("    at ");
});

test.each([
  [["diagnose", "absent.csv", "--target", "class"]],
  [["inspect", "absent.csv"]],
  [["run", "absent.yaml"]],
  [["sweep", "absent.yaml", "--set", "train.learningRate=0.1"]],
  [["merge", "absent", "--out", "whole"]],
  [["convert", "absent.keras", "out.yaml"]],
  [["export", "absent.yaml", "out.keras"]],
  [["evaluate", "absent.json"]],
  [["report", "absent"]],
  [["verify", "absent.json"]],
  [["data", "absent.yaml"]],
  [["bench", "compare", "absent.json"]],
])("clab %j cannot read its file: 3, and nothing on stdout", async (args) => {
  const { code, stdout, stderr } = await clab(args);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("absent");
});

test
  .skipIf(process.platform !== "linux")
  .each([
    [["run", "examples/article-1.yaml"]],
    [["diagnose", "examples/article-1.yaml"]],
    [["evaluate", "catalogue"]],
    [["verify", "test-fixtures/reference/training-steps.json"]],
    [["bench"]],
  ])("clab %j without an adapter: 4, and nothing on stdout", async (args) => {
  const env = { VK_DRIVER_FILES: "/nonexistent.json", VK_ICD_FILENAMES: "/nonexistent.json" };
  const { code, stdout } = await clab([...args, "--engine", "webgpu"], { env });
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
});

test.each([
  [["diagnose", "examples/article-2.yaml", "--out", temporaryFolder()]],
  [["evaluate", "catalogue"]],
])("Ctrl-C ends clab %j with 130, and nothing on stdout", async (args) => {
  const child = startClab([...args, "--engine", "cpu"]);
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const code = new Promise((resolve) => child.on("close", resolve));
  // Its first line about the engine is written when the training begins.
  child.stderr.on("data", (chunk) => {
    if (String(chunk).includes("cpu engine")) child.kill("SIGINT");
  });
  expect(await code).toBe(130);
  expect(stdout).toBe("");
});

test.each([
  [["list-checks"]],
  [["doctor"]],
  [["verify", "test-fixtures/reference/training-steps.json"]],
  [["inspect", "test-fixtures/data/iris.csv", "--target", "class"]],
  [
    [
      "run",
      "examples/article-1.yaml",
      "--engine",
      "cpu",
      "--seeds",
      "2",
      "--out",
      temporaryFolder(),
    ],
  ],
])("clab %j --json prints JSON and nothing else on stdout", async (args) => {
  const { code, stdout } = await clab([...args, "--json"]);
  expect(code).toBe(0);
  expect(() => JSON.parse(stdout)).not.toThrow();
});

const ESCAPE = "\u001b[";

test.each([
  [[], {}, false],
  [[], { FORCE_COLOR: "1" }, true],
  [[], { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
  [[], { FORCE_COLOR: "1", TERM: "dumb" }, true],
  [["--no-color"], { FORCE_COLOR: "1" }, false],
  [["--color"], { NO_COLOR: "1" }, true],
  [["--color"], { TERM: "dumb" }, true],
])("%j with %j: colour %s, on both streams", async (flags, env, isColored) => {
  const data = await clab(["list-checks", ...flags], { env });
  expect(data.stdout.includes(ESCAPE)).toBe(isColored);
  const mistake = await clab(["run", "absent.yaml", ...flags], { env });
  expect(mistake.stderr.includes(ESCAPE)).toBe(isColored);
});

test("CLAB_ variables are defaults, which flags overrule", async () => {
  const spec = ["data", "examples/article-1.yaml"];
  const env = { CLAB_VARIANT: "normalized", CLAB_FORMAT: "json", CLAB_SEEDS: "x" };
  const json = await clab(spec, { env });
  expect(json.code, json.stderr).toBe(0);
  expect(() => JSON.parse(json.stdout)).not.toThrow();
  const csv = await clab([...spec, "--format", "csv"], { env });
  expect(csv.stdout).toMatch(/^[^{]+,/);
  const help = await clab(["data", "--help"], { env });
  expect(help.stdout).toContain("[default: $CLAB_FORMAT]");
  const wrong = await clab(["run", "examples/article-1.yaml"], { env });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toBe('error: CLAB_SEEDS is "x"; it must be a number.\n');
});

test("a variable that says yes to a flag names no file where the option is one", async () => {
  const env = { CLAB_JSON: "1" };
  const help = await clab(["bench", "--help"], { env });
  expect(help.code, help.stderr).toBe(0);
  expect(help.stdout).not.toContain("$CLAB_JSON");
  // It says so of a measurement that there is none of, before a file would be written.
  const none = await clab(["bench", "--engine", "cpu", "--only", "no-such-kernel"], { env });
  expect(none.code).toBe(2);
  expect(existsSync(join(root, "1"))).toBe(false);
});

test.each([
  ["bash", "complete -o bashdefault"],
  ["zsh", "compdef"],
  ["fish", "complete -f -c clab"],
])("completion has a script for %s, and answers it", async (shell, mark) => {
  const script = await clab(["completion", shell]);
  expect(script.code).toBe(0);
  expect(script.stdout).toContain(mark);
  expect(script.stdout).toContain("clab --get-yargs-completions");
  const env = { SHELL: `/bin/${shell}` };
  const commands = await clab(["--get-yargs-completions", "clab", "in"], { env });
  expect(commands.stdout).toMatch(/^inspect/m);
  const options = await clab(["--get-yargs-completions", "clab", "run", "--se"], { env });
  expect(options.stdout).toMatch(/^--seeds/m);
  const choices = await clab(["--get-yargs-completions", "clab", "run", "--engine", ""], { env });
  expect(choices.stdout.split("\n").slice(0, 4)).toEqual(["auto", "webgpu", "tfjs", "cpu"]);
});

test("a reader that has seen enough is no error", async () => {
  const child = startClab(["data", "examples/article-2.yaml", "--variant", "shallow"]);
  child.stdout.once("data", () => child.stdout.destroy());
  const stderr: string[] = [];
  child.stderr.on("data", (chunk) => stderr.push(String(chunk)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
});

/** What Node loads to answer: files of this package by their names, and whatever else. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const hooks =
    "export async function load(url, _, next) { process._rawDebug(url); return next(url); }";
  const register = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))});`;
  const program = [process.execPath, "--import", dataUrl(register)];
  const { code, stderr } = await clab(args, { program });
  expect(code, stderr).toBe(0);
  const dist = pathToFileURL(join(root, "packages/cli/dist/")).href;
  return stderr
    .trimEnd()
    .split("\n")
    .filter((url) => !url.startsWith("node:"))
    .map((url) => url.replace(dist, ""))
    .sort();
}

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

test.each([[["--help"]], [["run", "--help"]], [["--version"]], [["completion", "bash"]]])(
  "clab %j loads six small files, and no package",
  async (args) => {
    expect(await loadedBy(args)).toEqual([
      ...["bin.js", "command-line.js", "options.js"],
      ...["runners/runner.js", "terminal.js", "yargs.js"],
    ]);
  },
);

test("help is ASCII, which its columns count on", async () => {
  for (const command of ["", ...COMMANDS]) {
    const { stdout } = await clab([command, "--help"].filter((word) => word !== ""));
    expect(stdout).toMatch(/^[\n -~]+$/);
  }
});
