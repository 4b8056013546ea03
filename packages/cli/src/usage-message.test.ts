import { expect, test } from "vitest";
import { usageMessage } from "./usage-message.ts";

const OPTIONS_OF = { run: { seeds: {}, "data-seeds": {}, engine: {} }, data: { part: {} } };

test.each([
  [["rum"], "Did you mean run?", 'there is no such command. Did you mean "clab run"?'],
  [
    ["xyzzy"],
    "Unknown argument: xyzzy",
    'there is no command or option "xyzzy". `clab --help` lists what there is.',
  ],
  [
    ["run", "a", "--sedes", "3"],
    "Unknown arguments: sedes",
    'clab run has no option --sedes. Did you mean "seeds"?',
  ],
  [
    ["data", "a", "--seeds", "3"],
    "Unknown argument: seeds",
    "clab data has no option --seeds. It is one of clab run.",
  ],
  [
    ["run", "a", "--xyzzy"],
    "Unknown argument: xyzzy",
    "clab run has no option --xyzzy. `clab run --help` lists those it has.",
  ],
  [
    ["data", "a", "b"],
    "Unknown argument: b",
    'clab data does not take "b"; `clab data --help` says what it takes.',
  ],
  [
    ["run", "a", "--seeds"],
    "Not enough arguments following: seeds",
    "--seeds needs a value; `clab run --help` says which.",
  ],
  [
    ["run"],
    "Missing required argument: seeds",
    "clab run needs --seeds; `clab run --help` says what it is.",
  ],
  [
    ["run"],
    "Not enough non-option arguments: got 0, need at least 1",
    "clab run needs more than this; `clab run --help` says what.",
  ],
  [
    ["run", "a", "--engine", "cpuu"],
    'Invalid values:\n  Argument: engine, Given: "cpuu", Choices: "auto", "cpu"',
    '--engine is "cpuu"; it must be auto or cpu. Did you mean "cpu"?',
  ],
  [["run"], "something that yargs has never said", "something that yargs has never said"],
])("%j, %j", (args, says, message) => {
  expect(usageMessage(says, args, OPTIONS_OF)).toBe(message);
});
