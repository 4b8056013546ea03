// The questions of clab init, asked one after the other on stderr; what was given is not asked.

import { existsSync } from "node:fs";
import { cancel, intro, isCancel, outro, select, text } from "@clack/prompts";
import { readTableFile } from "../table-file.ts";
import { printable } from "../terminal.ts";

/** What the command line gives already. */
export type Given = { readonly [Key in keyof Answers]?: Answers[Key] | undefined };

export interface Answers {
  readonly output?: string | undefined;
  readonly data: string;
  readonly target?: string | undefined;
  /** A file with a network; absent: what a beginner would write. */
  readonly model?: string | undefined;
  readonly epochs?: number | undefined;
}

const OUTPUT = { output: process.stderr } as const;

/** Undefined when the person stopped it. */
export async function askFor(given: Given): Promise<Answers | undefined> {
  intro("clab init", OUTPUT);
  try {
    const data = given.data ?? (await asked(file("Where is your table?", "table.csv")));
    const target = given.target ?? (await askForTarget(data));
    const model = given.model ?? (await asked(modelQuestion()));
    const epochs = given.epochs ?? Number(await asked(epochsQuestion()));
    outro("That is all.", OUTPUT);
    return { ...given, data, target, model: model === "" ? undefined : model, epochs };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    cancel("Stopped.", OUTPUT);
    return undefined;
  }
}

class Stopped extends Error {}

async function asked<T>(answer: Promise<T | symbol>): Promise<T> {
  const given = await answer;
  if (isCancel(given)) throw new Stopped();
  return given as T;
}

function file(message: string, placeholder: string): Promise<string | symbol> {
  return text({
    ...OUTPUT,
    message,
    placeholder,
    validate: (path) => (path && existsSync(path) ? undefined : "There is no such file."),
  });
}

/** Asked again until the table can be read with it: what is wrong is what its reader says. */
async function askForTarget(data: string): Promise<string> {
  let message = "Which column holds the classes?";
  for (;;) {
    const target = await asked<string>(text({ ...OUTPUT, message }));
    try {
      await readTableFile(data, { kind: "table", path: data, ...(target ? { target } : {}) });
      return target;
    } catch (error) {
      message = printable((error as Error).message);
    }
  }
}

async function modelQuestion(): Promise<string | symbol> {
  const kind = await select({
    ...OUTPUT,
    message: "Which network?",
    options: [
      { value: "usual", label: "What a beginner would write: 64 relu, 32 relu, the right head" },
      { value: "file", label: "One in a file: .keras, .h5, to_json(), model.json" },
    ],
  });
  if (isCancel(kind) || kind === "usual") return isCancel(kind) ? kind : "";
  return file("Where is it?", "model.keras");
}

function epochsQuestion(): Promise<string | symbol> {
  return text({
    ...OUTPUT,
    message: "How many epochs?",
    initialValue: "100",
    validate: (count) => (/^[1-9]\d*$/.test(count ?? "") ? undefined : "A whole number from 1."),
  });
}
