// clab init: writes a first spec, with comments. What is not given is asked for on a terminal; where
// there is none, or with --yes, the usual is taken or the error says which option is missing.

import { existsSync } from "node:fs";
import { basename } from "node:path";
import {
  beginnerSpec,
  modelSpec,
  parseSpec,
  type SpecInput,
  type TableSource,
} from "@convergence-lab/core";
import { movedSpec } from "../diagnose/exports.ts";
import { plainName } from "../diagnose/subject.ts";
import { CliError, EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { commentedSpec } from "../init/commented.ts";
import { type Answers, askFor, type Given } from "../init/questions.ts";
import { readModelFile } from "../model-file.ts";
import { readTableFile } from "../table-file.ts";
import { note } from "../terminal.ts";

export interface InitOptions {
  readonly output?: string | undefined;
  readonly data?: string | undefined;
  readonly target?: string | undefined;
  readonly model?: string | undefined;
  readonly epochs?: number | undefined;
  readonly yes: boolean;
  readonly force: boolean;
}

export async function init(options: InitOptions): Promise<number> {
  const { output: file, data, target, model, epochs } = options;
  const given = { output: file, data, target, model, epochs };
  const mayAsk = !options.yes && process.stdin.isTTY === true && process.stderr.isTTY === true;
  const answers = mayAsk ? await askFor(given) : required(given);
  if (answers === undefined) {
    note("Nothing is written.");
    return EXIT.interrupted;
  }
  const output = answers.output ?? `${plainName(answers.data)}.yaml`;
  if (existsSync(output) && !options.force) {
    throw new CliError("CLI_USAGE", `${output} exists; name another file, or add --force.`);
  }
  const { spec, notes } = await firstSpec(answers);
  notes.forEach(note);
  parseSpec(spec, { allowUntrainable: true });
  writeFile(output, commentedSpec(movedSpec(spec, { base: "." }, output), output));
  note(`Written: ${output}. Next: clab diagnose ${output}`);
  return EXIT.ran;
}

/** Without a terminal nothing is asked. */
function required({ data, ...rest }: Given): Answers {
  if (data === undefined) {
    throw new CliError("CLI_USAGE", "name a table: clab init --data table.csv --target COLUMN.");
  }
  return { ...rest, data };
}

async function firstSpec(answers: Answers): Promise<{ spec: SpecInput; notes: readonly string[] }> {
  const { data, target, model: path, epochs } = answers;
  const source: TableSource = { kind: "table", path: data, ...(target ? { target } : {}) };
  const read = await readTableFile(data, source);
  if (path === undefined) {
    const spec = beginnerSpec(plainName(data), read);
    return {
      spec: epochs === undefined ? spec : { ...spec, train: { ...spec.train, epochs } },
      notes: [],
    };
  }
  const facts = { rows: read.table.rows, classes: read.classes.length };
  const { model } = readModelFile(path, facts);
  const use = { name: plainName(path), file: basename(path), given: { epochs } };
  const { spec, notes, taken } = modelSpec(model, read, use);
  return { spec, notes: [...notes, ...taken] };
}
