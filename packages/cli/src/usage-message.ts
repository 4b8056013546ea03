// Arguments that do not fit, in a sentence with the way out. yargs finds them; its words for them
// are those of its own source (validation.js), and here they are read back.

import { didYouMean } from "@convergence-lab/core";
import { anyOf } from "./command-line.ts";

/** The options of every command, by their names. */
export type OptionsOf = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What an error of yargs says to somebody who typed `args`. */
export function usageMessage(says: string, args: readonly string[], optionsOf: OptionsOf): string {
  const command = args.find((argument) => Object.hasOwn(optionsOf, argument));
  const help = `\`clab ${command === undefined ? "" : `${command} `}--help\``;
  const similar = /^Did you mean (.+)\?$/.exec(says)?.[1];
  if (similar !== undefined) {
    // The one command below another; yargs names only its own part.
    const whole = similar === "compare" ? "bench compare" : similar;
    return `there is no such command. Did you mean "clab ${whole}"?`;
  }
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(says)?.[1];
  if (unknown !== undefined) {
    if (command === undefined) {
      const hint = didYouMean(unknown, Object.keys(optionsOf)) || ` ${help} lists what there is.`;
      return `there is no command or option "${unknown}".${hint}`;
    }
    if (!args.some((argument) => argument.startsWith("-") && argument.includes(unknown))) {
      return `clab ${command} does not take "${unknown}"; ${help} says what it takes.`;
    }
    return unknownOption(unknown, command, optionsOf);
  }
  const lacking = /^Not enough arguments following: (.+)$/.exec(says)?.[1];
  if (lacking !== undefined) return `--${lacking} needs a value; ${help} says which.`;
  const missing = /^Missing required argument: (.+)$/.exec(says)?.[1];
  if (missing !== undefined) {
    return `clab ${command} needs --${missing}; ${help} says what it is.`;
  }
  if (says.startsWith("Not enough non-option arguments")) {
    return `clab ${command} needs more than this; ${help} says what.`;
  }
  const choice = /Argument: (.+), Given: "?(.*?)"?, Choices: (.+)/.exec(says);
  if (choice === null) return says;
  const [, name, given, choices] = choice;
  const names = choices.split(", ").map((each) => each.replaceAll('"', ""));
  return `--${name} is "${given}"; it must be ${anyOf(names)}.${didYouMean(given, names)}`;
}

function unknownOption(unknown: string, command: string, optionsOf: OptionsOf): string {
  const says = `clab ${command} has no option --${unknown}.`;
  const near = didYouMean(unknown, Object.keys(optionsOf[command]));
  if (near !== "") return says + near;
  const others = Object.keys(optionsOf).filter((other) => unknown in optionsOf[other]);
  if (others.length === 0) return `${says} \`clab ${command} --help\` lists those it has.`;
  return `${says} It is one of ${anyOf(others.map((other) => `clab ${other}`))}.`;
}
