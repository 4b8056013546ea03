// clab evaluate: diagnoses networks whose faults are known, and counts how often it is right. Cases
// come from files and from the suites that are built in.

import { basename, join } from "node:path";
import {
  type BenchmarkCase,
  type CaseScore,
  caseLine,
  catalogueCases,
  type Engine,
  evaluateCase,
  evaluationMarkdown,
  type Incumbent,
  type InjectionTable,
  injectedCases,
  injectionTable,
  type Race,
  type ReadBenchmark,
  raceAgainstRandom,
  raceLine,
  raceTotals,
  readBenchmark,
  runDiagnosis,
  totalsOf,
  totalsText,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { readText, writeFile } from "../files.ts";
import { type Interrupt, onInterrupt } from "../interrupt.ts";
import { type EnginesRequest, openSharedEngine } from "../runners/open-engines.ts";
import { readTableFile } from "../table-file.ts";
import { note, printable, redraw, writeOut } from "../terminal.ts";

export interface EvaluateCommandOptions extends EnginesRequest {
  /** Files in the form of the benchmark, and names of `SUITES`. */
  readonly cases: readonly string[];
  readonly only?: string | undefined;
  readonly seeds?: number | undefined;
  /** The folder of the tables that `injected` puts faults into. */
  readonly tables: string;
  readonly json: boolean;
  readonly exportJson?: string | undefined;
  readonly exportMarkdown?: string | undefined;
  /** Random search over the same changes, at the same model-steps, on the faulty cases. */
  readonly against?: "random" | undefined;
  readonly quiet: boolean;
}

export async function evaluate(options: EvaluateCommandOptions): Promise<number> {
  if (options.seeds !== undefined && !(Number.isInteger(options.seeds) && options.seeds >= 2)) {
    throw new CliError(
      "CLI_USAGE",
      `--seeds is ${options.seeds}; it must be a whole number from 2.`,
    );
  }
  const wanted = options.only?.split(",").map((part) => part.trim());
  const sources = [];
  for (const name of options.cases) {
    sources.push({ name, ...(await readCases(name, options.tables)) });
  }
  const chosen = sources.flatMap(({ name, cases, generators }) =>
    cases
      .filter(({ id }) => wanted === undefined || wanted.some((part) => id.includes(part)))
      .map((written) => ({ written, generators, suite: basename(name) })),
  );
  if (chosen.length === 0) {
    throw new CliError("CLI_USAGE", `no case has "${options.only}" in its id.`);
  }
  const interrupt = onInterrupt();
  const engine = await openSharedEngine(options);
  if (!options.quiet)
    note(`${engine.info.name} engine, ${engine.info.adapter}. ${engine.info.reason}`);
  try {
    const scores: SuiteScore[] = [];
    const races: Race[] = [];
    for await (const { score, held } of scoreAll(chosen, engine, interrupt, options)) {
      scores.push(score);
      if (!options.json) await writeOut(`${printable(caseLine(score))}\n`);
      // After every case: an evaluation takes minutes, and what it has found so far is worth something.
      writeExports(scores, races, engine, options);
      if (options.against === undefined || score.repair === null) continue;
      const { written, generators } = chosen[scores.length - 1];
      const race = { generators, engine };
      races.push(await raceAgainstRandom(written as BenchmarkCase, score, held, race));
      if (!options.json) await writeOut(`  ${printable(raceLine(races.at(-1)!))}\n`);
      writeExports(scores, races, engine, options);
    }
    if (interrupt.signal.aborted) return EXIT.interrupted;
    if (options.json) {
      await writeOut(asJson(scores, races, engine));
      return EXIT.ran;
    }
    const { totals, breakdown } = totalsOf(scores);
    await writeOut(`\n${totalsText(totals, breakdown)}`);
    if (races.length > 0) await writeOut(`\n${raceTotals(races)}`);
    return EXIT.ran;
  } finally {
    await engine.dispose();
    interrupt.release();
  }
}

interface ChosenCase extends Pick<ReadBenchmark, "generators"> {
  readonly written: ReadBenchmark["cases"][number];
  readonly suite: string;
}

type SuiteScore = CaseScore & { readonly suite: string };

/** Cases one after the other: an engine has its own workers. */
async function* scoreAll(
  cases: readonly ChosenCase[],
  engine: Engine,
  { signal }: Interrupt,
  { seeds, quiet }: EvaluateCommandOptions,
): AsyncGenerator<{ score: SuiteScore; held: readonly Incumbent[] }> {
  for (const [position, { written, generators, suite }] of cases.entries()) {
    if (!quiet) redraw(`${position}/${cases.length}  ${printable(written.id)}`);
    const held: Incumbent[] = [];
    const onHeld = (incumbent: Incumbent) => held.push(incumbent);
    const score = await evaluateCase(written, generators, {
      engine,
      diagnose: (source) => runDiagnosis(source, engine, { signal, seeds, onHeld }),
      now: () => performance.now() / 1000,
      ...(seeds === undefined ? {} : { seeds }),
    });
    if (signal.aborted) return;
    redraw("");
    yield { score: { suite, ...score }, held };
  }
}

function writeExports(
  scores: readonly SuiteScore[],
  races: readonly Race[],
  engine: Engine,
  { exportJson, exportMarkdown }: EvaluateCommandOptions,
): void {
  if (exportJson !== undefined) writeFile(exportJson, asJson(scores, races, engine));
  if (exportMarkdown !== undefined) {
    const { totals, breakdown } = totalsOf(scores);
    writeFile(exportMarkdown, evaluationMarkdown(scores, totals, breakdown));
  }
}

function asJson(scores: readonly SuiteScore[], races: readonly Race[], engine: Engine): string {
  const { totals, breakdown } = totalsOf(scores);
  const raced = races.length > 0 ? { againstRandom: races } : {};
  const written = { cases: scores, totals, breakdown, ...raced, engine: engine.info };
  return `${JSON.stringify(written, null, 1)}\n`;
}

/** Suites by name; a file of such a name is reached as ./catalogue. */
const SUITES: Readonly<Record<string, (tables: string) => Promise<BenchmarkCase[]>>> = {
  catalogue: async () => catalogueCases(),
  injected: async (tables) => injectedCases(await readTables(tables)),
  "injected-all": async (tables) => injectedCases(await readTables(tables), { all: true }),
};

async function readCases(name: string, tables: string): Promise<ReadBenchmark> {
  const suite = SUITES[name];
  if (suite !== undefined) return { cases: await suite(tables), generators: {} };
  const text = readText(name);
  try {
    return readBenchmark(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || (error as { code?: string }).code !== undefined) {
      throw new CliError(
        "CLI_FILE_UNREADABLE",
        `cannot read ${name}: ${(error as Error).message}.`,
      );
    }
    throw error;
  }
}

/** The tables of test-fixtures/data, and the columns that hold their classes. */
const TARGETS: Readonly<Record<string, string>> = {
  iris: "class",
  wine: "class",
  "breast-cancer": "class",
  "pima-diabetes": "diabetes",
  "house-votes": "Class",
  digits: "class",
};

async function readTables(folder: string): Promise<InjectionTable[]> {
  const tables: InjectionTable[] = [];
  for (const [name, target] of Object.entries(TARGETS)) {
    const path = join(folder, `${name}.csv`);
    const { table } = await readTableFile(path, { kind: "table", path, target });
    tables.push(injectionTable(name, table));
  }
  return tables;
}
