// Values as Keras serializes them. A thing with settings is `{class_name, config}`, a built-in
// function its name; words are spelled in three ways (HeNormal, he_normal, heNormal), and numbers
// often went through float32.

import { shortestFloat32 } from "../shared/shortest-float32.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface KerasObject {
  readonly className: string;
  readonly config: Fields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined for what is neither a name nor an object with one. */
export function kerasObject(value: unknown): KerasObject | undefined {
  if (typeof value === "string") return { className: value, config: {} };
  if (!isFields(value) || typeof value.class_name !== "string") return undefined;
  const { class_name: className, config } = value;
  // A function is named by its config.
  if (typeof config === "string") return { className: config, config: {} };
  return { className, config: isFields(config) ? config : {} };
}

/** Whether a class is of someone's own program, and only shares its name with one of Keras. */
export function isCustom(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { module, registered_name: registered } = value;
  const isForeign = (name: unknown) =>
    typeof name === "string" && !/^(keras|tf_keras|tensorflow|builtins)\b/.test(name);
  return isForeign(module) || (typeof registered === "string" && registered.includes(">"));
}

/** What a value is called in a message. */
export function shown(value: unknown): string {
  const object = kerasObject(value);
  if (object !== undefined) return object.className;
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A value that should be a word; anything else is none, whatever it says of itself. */
export function wordOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** The letters and digits of a word, by which its spellings are the same. */
export function letters(word: string): string {
  return word.replace(/[^a-z0-9]/gi, "").toLowerCase();
}

/** Looks a word up, whatever its spelling: among words themselves, or by other names for them. */
export function wordFinder<Word extends string>(
  words: readonly Word[],
  otherNames: Readonly<Record<string, Word>> = {},
): (word: string) => Word | undefined {
  const byLetters = new Map<string, Word>(words.map((word) => [letters(word), word]));
  for (const [name, word] of Object.entries(otherNames)) byLetters.set(letters(name), word);
  return (word) => byLetters.get(letters(word));
}

/** A number as a person wrote it: 0.01 for the float32 0.009999999776482582. */
export function plainNumber<T>(value: T): T | number {
  if (typeof value !== "number" || Math.fround(value) !== value) return value;
  return Number(shortestFloat32(value));
}

/** Settings without those that are null, numbers as a person wrote them. */
export function plainSettings(settings: Fields): Fields {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map(plainNumber) : plainNumber(value),
      ]),
  );
}
