// What yargs does not do by itself: help that opens with examples, groups of options, and defaults
// from the environment. What goes wrong is worded in usage-message.ts, which is loaded only then.

import type { Options } from "yargs";

type OptionTable = Readonly<Record<string, Options>>;

/** Arguments that do not fit; yargs throws errors of this name too. */
export class UsageError extends Error {
  override readonly name = "YError";
}

/** "a, b or c" */
export function anyOf(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(names);
}

/** yargs puts the examples last, and a reader looks for them first. */
export function examplesFirst(help: string): string {
  const blocks = help.split("\n\n");
  const place = blocks.findIndex((block) => block.startsWith("Examples:\n"));
  if (place === -1) return help;
  const [examples] = blocks.splice(place, 1);
  // After the usage line and the sentence that says what the command is for.
  blocks.splice(2, 0, examples);
  return blocks.join("\n\n");
}

/** Options under a title of their own in the help. */
export function grouped<const O extends OptionTable>(group: string, options: O): O {
  return mapped(options, (option) => ({ ...option, group }));
}

/**
 * Options with what CLAB_SEEDS and its like say in the place of their defaults.
 *
 * @param flags Names that are flags of other commands: CLAB_JSON=1 speaks to those, and is no file's
 *   name where --json takes one.
 */
export function withEnvironment<O extends OptionTable>(
  options: O,
  env = process.env,
  flags: ReadonlySet<string> = new Set(),
): O {
  return mapped(options, (option, name) => {
    const variable = `CLAB_${name.toUpperCase().replaceAll("-", "_")}`;
    const text = env[variable];
    if (!text) return option;
    if (option.type === "string" && flags.has(name) && YES_OR_NO.test(text)) return option;
    const value = optionValue(text, option, `${variable} is "${text}"`);
    // The help names the variable alone: its value may hold a password.
    return { ...option, default: value, defaultDescription: `$${variable}` };
  });
}

const YES_OR_NO = /^(1|0|true|false)$/;

function mapped<O extends OptionTable>(
  options: O,
  change: (option: Options, name: string) => Options,
): O {
  const entries = Object.entries(options).map(([name, option]) => [name, change(option, name)]);
  return Object.fromEntries(entries) as O;
}

function optionValue(text: string, { type, choices, array }: Options, says: string): unknown {
  if (type === "number") {
    const number = Number(text);
    if (Number.isNaN(number)) throw new UsageError(`${says}; it must be a number.`);
    return number;
  }
  if (type === "boolean") {
    if (!YES_OR_NO.test(text)) throw new UsageError(`${says}; it must be 1 or 0.`);
    return text === "1" || text === "true";
  }
  if (choices !== undefined && !choices.includes(text)) {
    throw new UsageError(`${says}; it must be ${anyOf(choices.map(String))}.`);
  }
  return array === true || type === "array" ? [text] : text;
}
