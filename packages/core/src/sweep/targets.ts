// Where the value of a parameter goes. A dotted path leads to one place of the spec; the words that
// Keras and users of Weights & Biases have for settings (learning_rate, units, l2) lead to theirs.

import { letters, shown, wordFinder, wordOr } from "../models/keras-objects.ts";
import { activationOf } from "../models/keras-settings.ts";
import type { SpecPath } from "../spec/errors.ts";
import { pythonName } from "../spec/keras-names.ts";
import { OPTIMIZERS, optimizerSchema } from "../spec/optimizers.ts";
import { LOSSES, type Spec } from "../spec/spec.ts";

/** The parts of a spec that a parameter may change, as they would be written. */
export interface Parts {
  readonly data: unknown;
  readonly model: unknown;
  readonly train: unknown;
}

export const PARTS = ["data", "model", "train"] as const;

export interface Target {
  /** The place in the spec, or what all its places lie in. */
  readonly path: SpecPath;
  /** Targets of lower rank are set first: the whole before its parts, a kind before its settings. */
  readonly rank: number;
  /** @throws Misplaced where there is no such place, or the value cannot be there. */
  put(parts: Parts, value: unknown): Parts;
}

/** The message is the end of a sentence that begins with the parameter's name. */
export class Misplaced extends Error {
  override readonly name = "Misplaced";
  readonly parameter: string;

  constructor(message: string, parameter = "") {
    super(message);
    this.parameter = parameter;
  }
}

/** Undefined for a name that leads nowhere. */
export function targetOf(name: string): Target | undefined {
  const path = name.split(".");
  const part = PARTS.find((each) => each === path[0]);
  if (part !== undefined) return path.length < 2 ? undefined : pathTarget(path);
  // Nested parameters carry the names of what they are nested in: optimizer.learning_rate.
  const key = letters(path.at(-1)!);
  return ALIASES.get(letters(name)) ?? ALIASES.get(key) ?? hiddenTarget(key);
}

/** What a message lists as the words that lead somewhere. */
export const TARGET_WORDS =
  "a path such as train.learningRate or model.layers.0.units, or one of learning_rate, batch_size, epochs, shuffle, loss, optimizer and its settings, units, activation, dropout and l2";

function pathTarget(
  path: readonly string[],
  read: (value: unknown) => unknown = (value) => value,
): Target {
  const names = KINDS.includes(path.at(-1)!);
  return {
    path,
    rank: 2 * path.length - (names ? 1 : 0),
    put: (parts, value) => put(parts, path, read(value), []) as Parts,
  };
}

/** Keys that say which kind of thing an object is; another kind has other settings. */
const KINDS: readonly string[] = ["name", "kind", "type", "schedule"];

function put(node: unknown, path: readonly string[], value: unknown, above: SpecPath): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(node)) {
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (index < 0 || index >= node.length) {
      const list = above.join(".");
      throw new Misplaced(
        `is place ${key} of ${list}, which has ${node.length}: 0 to ${node.length - 1}.`,
      );
    }
    return node.with(index, put(node[index], rest, value, [...above, key]));
  }
  // `optimizer: sgd` is short for an object with that name.
  const fields = typeof node === "string" ? { name: node } : (node ?? {});
  if (typeof fields !== "object") {
    throw new Misplaced(`leads into ${above.join(".")}, which is ${shown(node)} and has no parts.`);
  }
  const known = fields as Readonly<Record<string, unknown>>;
  if (rest.length === 0) {
    if (KINDS.includes(key) && known[key] !== value) return { [key]: value };
    // Null takes a setting away.
    if (value === null) return without(known, key);
  }
  return { ...known, [key]: put(known[key], rest, value, [...above, key]) };
}

function without(fields: Readonly<Record<string, unknown>>, key: string): object {
  const { [key]: _, ...rest } = fields;
  return rest;
}

const lossWord = wordFinder(LOSSES, { mse: "meanSquaredError", mae: "meanAbsoluteError" });
const optimizerWord = wordFinder(OPTIMIZERS);

/** A word in any of its spellings, or the reason why it is none. */
function reading(find: (word: string) => string | undefined, none: string) {
  return (value: unknown): string => {
    const word = find(wordOr(value, ""));
    if (word === undefined) throw new Misplaced(`is ${shown(value)}${none}`);
    return word;
  };
}

/** Settings of any optimizer, as a spec names them. */
const SETTINGS = [
  ...new Set(OPTIMIZERS.flatMap((name) => Object.keys(optimizerSchema.parse(name)))),
  ...["clipNorm", "clipValue", "globalClipNorm"],
].filter((key) => key !== "name");

const train = (setting: string, read?: (value: unknown) => unknown) =>
  pathTarget(["train", ...setting.split(".")], read);

/** By the letters of their names. */
const ALIASES: ReadonlyMap<string, Target> = new Map<string, Target>([
  ...SETTINGS.flatMap((key) => {
    const target = train(`optimizer.${key}`);
    return [[letters(key), target] as const, [letters(pythonName(key)), target] as const];
  }),
  ["learningrate", train("learningRate")],
  ["lr", train("learningRate")],
  ["batchsize", train("batchSize")],
  ["batch", train("batchSize")],
  ["epochs", train("epochs")],
  ["epoch", train("epochs")],
  ["shuffle", train("shuffle")],
  ["loss", train("loss", reading(lossWord, "."))],
  ["optimizer", train("optimizer.name", reading(optimizerWord, ", no optimizer here."))],
  ["optimizername", train("optimizer.name", reading(optimizerWord, ", no optimizer here."))],
]);

type Layer = Readonly<Record<string, unknown>>;

/** Behind every path: what changes many layers changes them as the paths leave them. */
const HIDDEN_RANK = 1_000;

/** A setting of all layers in all places but the head. */
function hiddenTarget(key: string): Target | undefined {
  const setting = (Object.keys(HIDDEN) as (keyof typeof HIDDEN)[]).find((name) =>
    HIDDEN[name].spelled.test(key),
  );
  if (setting === undefined) return undefined;
  const { of, change } = HIDDEN[setting];
  return {
    path: ["model", "layers"],
    rank: HIDDEN_RANK,
    put(parts, value) {
      const model = parts.model as { readonly layers: readonly Layer[] };
      const head = model.layers.findLastIndex(isDense);
      const matches = (layer: Layer, i: number) =>
        of === "dropout" ? layer.type === "dropout" : isDense(layer) && i < head;
      if (!model.layers.some(matches)) {
        throw new Misplaced(`is for ${of} layers, and the spec has none.`);
      }
      const layers = model.layers.map((layer, i) =>
        matches(layer, i) ? { ...layer, ...change(value, layer) } : layer,
      );
      return { ...parts, model: { ...model, layers } };
    },
  };
}

function isDense({ type = "dense" }: Layer): boolean {
  return type === "dense";
}

const HIDDEN = {
  units: {
    spelled: /^(units|hidden(layer)?(size|units|dim)|fclayersize|layersize)$/,
    of: "hidden",
    change: (units: unknown) => ({ units }),
  },
  activation: {
    spelled: /^(hidden)?activation$/,
    of: "hidden",
    change: (value: unknown) => ({ activation: activationOf(value, { fail, note: () => {} }) }),
  },
  dropout: {
    spelled: /^dropout(rate)?$/,
    of: "dropout",
    change: (rate: unknown) => ({ rate }),
  },
  l2: {
    spelled: /^(l2|kernelregularizer|weightpenalty)$/,
    of: "hidden",
    change: (l2: unknown, { kernelRegularizer }: Layer) => ({
      kernelRegularizer: { ...(kernelRegularizer as object | undefined), l2 },
    }),
  },
} as const satisfies Record<string, HiddenSetting>;

interface HiddenSetting {
  /** By its letters. */
  readonly spelled: RegExp;
  readonly of: "hidden" | "dropout";
  readonly change: (value: unknown, layer: Layer) => object;
}

function fail(says: string): never {
  throw new Misplaced(says);
}

/**
 * The parts of a spec with values at their targets.
 *
 * @throws Misplaced, with the parameter.
 */
export function placed(
  { data, model, train }: Pick<Spec, "data" | "model" | "train">,
  values: Readonly<Record<string, unknown>>,
): Parts {
  const targets = Object.entries(values).map(([name, value]) => {
    const target = targetOf(name);
    if (target === undefined) throw new Misplaced("is nothing that a spec can vary.", name);
    return { name, value, target };
  });
  let parts: Parts = { data, model, train };
  for (const { name, value, target } of targets.sort((a, b) => a.target.rank - b.target.rank)) {
    try {
      parts = target.put(parts, value);
    } catch (error) {
      throw error instanceof Misplaced ? new Misplaced(error.message, name) : error;
    }
  }
  return parts;
}
