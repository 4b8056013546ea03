// Values and calls as Python writes them.

/** Text that stands in the code as it is, and is no string. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A call, which can be broken into lines. */
class Call extends Code {
  readonly head: string;
  readonly parts: readonly Part[];

  constructor(head: string, parts: readonly Part[]) {
    super(`${head}(${parts.map(({ name, value }) => name + python(value)).join(", ")})`);
    this.head = head;
    this.parts = parts;
  }
}

interface Part {
  /** "units=", or nothing. */
  readonly name: string;
  readonly value: unknown;
}

export function python(value: unknown): string {
  if (value instanceof Code) return value.text;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pythonNumber(value);
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, item]) => `${python(key)}: ${python(item)}`)
      .join(", ")}}`;
  }
  return pythonString(String(value));
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return `float("${value > 0 ? "" : "-"}inf")`;
  return String(value);
}

/** JSON's escapes are Python's too; what is not ASCII is escaped, so that nothing reads as another. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(/[\u{7f}-\u{10ffff}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** `(3, 3)` and `(10,)`. */
export function tuple(values: readonly unknown[]): Code {
  const inner = values.map(python).join(", ");
  return new Code(values.length === 1 ? `(${inner},)` : `(${inner})`);
}

/** `Dense(64, activation="relu")`; arguments that are undefined are left out. */
export function call(
  head: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>> = {},
): Code {
  const words = Object.entries(named).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: `${key}=`, value }],
  );
  return new Call(head, [...positional.map((value) => ({ name: "", value })), ...words]);
}

/** Black's. */
const WIDTH = 88;

/** A value behind `head`, with a line for every argument of a call that is too long for one. */
export function printed(value: unknown, indent = "", head = ""): string {
  const line = `${indent}${head}${python(value)}`;
  const room = WIDTH - (indent === "" ? 0 : 1);
  if (!(value instanceof Call) || value.parts.length === 0 || line.length <= room) return line;
  const inner = value.parts.map((part) => `${printed(part.value, `${indent}    `, part.name)},`);
  return [`${indent}${head}${value.head}(`, ...inner, `${indent})`].join("\n");
}

/** A call that stands alone or behind `x = `. */
export function statement(
  head: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>> = {},
): string {
  return printed(call(head, positional, named));
}
