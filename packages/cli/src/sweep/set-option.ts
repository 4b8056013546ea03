// --set train.learningRate=log(1e-4,1,7): a parameter of a sweep in one word of the command line.
//
//   a=1,2,3          these values            a=log(1e-4,1)    even on a logarithm, drawn
//   a=log(1e-4,1,7)  7 of them on a line     a=uniform(0,1)   even, drawn
//   a=lin(0,1,5)     5 of them on a line     a=int(1,9)       whole, drawn
//                                            a=normal(0,0.1)  mean and standard deviation

import { parse } from "yaml";
import { CliError } from "../errors.ts";

/** As a sweep file would write it. */
export type WrittenParameter = Readonly<Record<string, unknown>>;

/** @throws CliError for text that says nothing. */
export function parseSet(text: string): readonly [name: string, written: WrittenParameter] {
  const equals = text.indexOf("=");
  const [name, value] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
  if (equals < 1 || value === "") {
    throw new CliError(
      "CLI_USAGE",
      `--set ${text} sets nothing; write train.learningRate=0.1,0.01 or train.learningRate=log(1e-4,1,7).`,
    );
  }
  const call = /^([a-z]+)\(([^()]*)\)$/i.exec(value);
  return [name, call ? rangeOf(text, call[1], call[2]) : { values: valuesOf(text, value) }];
}

/** Values as YAML writes them, so that an object may be one. */
function valuesOf(text: string, value: string): unknown[] {
  try {
    const values: unknown = parse(`[${value}]`);
    if (Array.isArray(values) && values.length > 0) return values;
  } catch {
    // Told below, like a list that is none.
  }
  throw new CliError("CLI_USAGE", `--set ${text}: "${value}" is no list of values.`);
}

interface RangeForm {
  readonly arguments: readonly [least: number, most: number];
  readonly usage: string;
  read(numbers: readonly number[]): WrittenParameter;
}

const RANGES: Readonly<Record<string, RangeForm>> = {
  log: {
    arguments: [2, 3],
    usage: "log(least,most) or log(least,most,count)",
    read: ([min, max, count]) =>
      count === undefined
        ? { distribution: "log_uniform_values", min, max }
        : { values: onALine(count, (share) => min * (max / min) ** share) },
  },
  lin: {
    arguments: [3, 3],
    usage: "lin(least,most,count)",
    read: ([min, max, count]) => ({ values: onALine(count, (share) => min + share * (max - min)) }),
  },
  uniform: {
    arguments: [2, 2],
    usage: "uniform(least,most)",
    read: ([min, max]) => ({ distribution: "uniform", min, max }),
  },
  int: {
    arguments: [2, 2],
    usage: "int(least,most)",
    read: ([min, max]) => ({ distribution: "int_uniform", min, max }),
  },
  normal: {
    arguments: [2, 2],
    usage: "normal(mean,sd)",
    read: ([mu, sigma]) => ({ distribution: "normal", mu, sigma }),
  },
};

/** More on one line is a mistake for a range. */
const MOST_VALUES = 100_000;

function rangeOf(text: string, word: string, inside: string): WrittenParameter {
  const form = Object.hasOwn(RANGES, word) ? RANGES[word] : undefined;
  const fail = (why: string) => new CliError("CLI_USAGE", `--set ${text}: ${why}`);
  if (form === undefined) {
    const usages = Object.values(RANGES).map(({ usage }) => usage);
    throw fail(`there is no ${word}(...); there are ${usages.join(", ")}.`);
  }
  const numbers = inside.split(",").map((each) => (each.trim() === "" ? Number.NaN : Number(each)));
  const [least, most] = form.arguments;
  if (numbers.length < least || numbers.length > most || !numbers.every(Number.isFinite)) {
    throw fail(`write ${form.usage}, with numbers.`);
  }
  const count = word === "log" || word === "lin" ? numbers[2] : undefined;
  if (count !== undefined && !(Number.isInteger(count) && count >= 2 && count <= MOST_VALUES)) {
    throw fail(`the count is ${count}; it must be a whole number from 2.`);
  }
  if (word === "log" && !(numbers[0] > 0 && numbers[1] > 0)) {
    throw fail("a logarithm needs numbers above 0.");
  }
  return form.read(numbers);
}

/** Four digits tell more than two trainings do. */
function onALine(count: number, at: (share: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => Number(at(i / (count - 1)).toPrecision(4)));
}
