// A patch made in the text of a spec file: only what changes is written anew, so that comments,
// order and layout stay as their author has them.

import { mergePatch, type SpecPatch, yamlText } from "@convergence-lab/core";
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  parseDocument,
  type YAMLMap,
} from "yaml";

/**
 * @param at Where in the file the patch belongs: nowhere, or at a variant.
 * @throws Error when the text cannot be edited so that it says what the patch says.
 */
export function editSpec(text: string, patch: SpecPatch, at: readonly string[] = []): string {
  const document = parseDocument(text);
  const edits = editsOf(document, text, at, patch);
  const edited = edits
    .sort((a, b) => b.start - a.start)
    .reduce((all, { start, end, content }) => all.slice(0, start) + content + all.slice(end), text);
  const expected = mergePatch(plain(document, at), patch);
  if (canonical(plain(parseDocument(edited), at)) !== canonical(expected)) {
    throw new Error("the patch does not fit the layout of the file");
  }
  return edited;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly content: string;
}

type Path = readonly string[];

/** A leaf of the patch, or an object over something that is none, replaces what stands there. */
function editsOf(document: Document, text: string, path: Path, patch: unknown): Edit[] {
  const node = document.getIn(path, true);
  if (isRecord(patch) && isMap(node) && !isOtherKind(node, patch)) {
    return Object.entries(patch).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return node.has(key)
        ? editsOf(document, text, [...path, key], value)
        : [insertion(text, node, key, value)];
    });
  }
  if (!isNode(node) || !node.range) throw new Error("there is nothing to replace");
  const [start, end] = [node.range[0], trimmedEnd(text, node.range)];
  const indent = columnOf(text, start);
  const isBlock = isCollection(node) && node.flow !== true;
  return [{ start, end, content: isBlock ? blockText(patch, indent) : flowText(patch, text) }];
}

/** Another `name`, `kind` or `type` replaces the whole, as `mergePatch` has it. */
function isOtherKind(node: YAMLMap, patch: Fields): boolean {
  return ["name", "kind", "type"].some((key) => key in patch && patch[key] !== node.get(key));
}

function insertion(text: string, map: YAMLMap, key: string, value: unknown): Edit {
  const last = map.items.at(-1);
  const isJson = text.trimStart().startsWith("{");
  const name = isJson ? JSON.stringify(key) : key;
  if (last === undefined) {
    const inside = map.range![0] + 1;
    const content = isJson
      ? `${name}: ${flowText(value, text)}`
      : ` ${name}: ${flowText(value, text)} `;
    return { start: inside, end: trimmedClose(text, map), content };
  }
  const first = map.items[0].key;
  const column = isNode(first) && first.range ? columnOf(text, first.range[0]) : 0;
  const end = endOfPair(text, last);
  const pair = `${name}: ${flowText(value, text)}`;
  if (map.flow !== true) {
    return { start: end, end, content: `\n${" ".repeat(column)}${pairText(key, value, column)}` };
  }
  const spans = text.slice(map.range![0], map.range![1]).includes("\n");
  return { start: end, end, content: spans ? `,\n${" ".repeat(column)}${pair}` : `, ${pair}` };
}

/** Where `{}` ends its inside. */
function trimmedClose(text: string, map: YAMLMap): number {
  return text.lastIndexOf("}", map.range![1] - 1);
}

function endOfPair(text: string, pair: unknown): number {
  const { key, value } = isPair(pair) ? pair : { key: undefined, value: undefined };
  const node = isNode(value) && value.range ? value : key;
  if (!isNode(node) || !node.range) throw new Error("there is no place to insert");
  return trimmedEnd(text, node.range);
}

/** A block ends in front of the line ends, and the comments, behind it. */
function trimmedEnd(text: string, [start, end]: readonly [number, number, number]): number {
  return start + text.slice(start, end).trimEnd().length;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function flowText(value: unknown, text: string): string {
  if (text.trimStart().startsWith("{")) return JSON.stringify(value);
  return inFlow(value);
}

/** `{ a: 1 }` of a value, whatever its size. */
function inFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(", ")}]`;
  if (!isRecord(value)) return yamlText(value).trimEnd();
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${yamlText(key).trimEnd()}: ${inFlow(item)}`).join(", ")} }`;
}

/** Lines below the first are moved in. */
function blockText(value: unknown, indent: number): string {
  return yamlText(value, isRecord(value) ? 0 : 2)
    .trimEnd()
    .replaceAll("\n", `\n${" ".repeat(indent)}`);
}

function pairText(key: string, value: unknown, indent: number): string {
  return blockText({ [key]: value }, indent);
}

function plain(document: Document, at: Path): unknown {
  const value = document.toJS() as unknown;
  return at.reduce((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  );
}

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
