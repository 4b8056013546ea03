// A spec as the text of an editor, and back. Rows that stand in a spec are folded away: nobody edits
// five hundred of them by hand, and a link could not hold them.

/** Fewer rows are shown. */
const MOST_ROWS = 20;

type Fields = Record<string, unknown>;

/** Indented JSON, in which what is short stays on one line. */
export function specAsText(spec: unknown): string {
  return shown(folded(spec), "");
}

/** @throws SyntaxError for what is no JSON */
export function specOfText(text: string, rowsFrom: unknown): unknown {
  return unfolded(JSON.parse(text), rowsFrom);
}

/** The spec with a sentence in the place of many rows. */
export function folded(spec: unknown): unknown {
  const source = sourceOf(spec);
  if (source === undefined || !Array.isArray(source.rows) || source.rows.length <= MOST_ROWS) {
    return spec;
  }
  const counted: Fields = {};
  for (const [name, value] of Object.entries(source)) {
    const isPerRow = Array.isArray(value) && value.length === source.rows.length;
    counted[name] = isPerRow ? `(${value.length} ${name}, as they were given)` : value;
  }
  return withSource(spec, counted);
}

/** Puts the rows back that were folded away. */
export function unfolded(spec: unknown, rowsFrom: unknown): unknown {
  const [source, given] = [sourceOf(spec), sourceOf(rowsFrom)];
  if (typeof source?.rows !== "string" || given === undefined) return spec;
  const restored = Object.entries(source).map(([name, value]) => [
    name,
    typeof value === "string" && value.startsWith("(") && Array.isArray(given[name])
      ? given[name]
      : value,
  ]);
  return withSource(spec, Object.fromEntries(restored));
}

function sourceOf(spec: unknown): Fields | undefined {
  const source = (spec as { data?: { source?: unknown } } | null | undefined)?.data?.source;
  return typeof source === "object" && source !== null ? (source as Fields) : undefined;
}

function withSource(spec: unknown, source: Fields): unknown {
  const whole = spec as { data: Fields };
  return { ...whole, data: { ...whole.data, source } };
}

const LINE = 76;

function shown(value: unknown, indent: string): string {
  const line = onOneLine(value);
  if (line.length + indent.length <= LINE || typeof value !== "object" || value === null) {
    return line;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${shown(item, inner)}`);
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${inner}${JSON.stringify(name)}: ${shown(field, inner)}`);
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

/** With a space behind each comma and colon, as people write it. */
function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${JSON.stringify(name)}: ${onOneLine(field)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
