// A Functional model as a list: every layer takes the output of the one before it, and an Add also
// that of an earlier one. Anything else branches, which a spec cannot say.

import { type ModelError, unsupported } from "./errors.ts";
import type { KerasLayer } from "./keras-layers.ts";
import { isFields, wordOr } from "./keras-objects.ts";

export interface ChainLink {
  readonly layer: KerasLayer;
  /** Of an Add: the layer whose output is added to that of the one before. */
  readonly added?: KerasLayer;
}

/** @throws ModelError that names the layer at which the model branches. */
export function linearChain(layers: readonly KerasLayer[], file: string): ChainLink[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const waiting = new Map(layers.map((layer) => [layer, inboundOf(layer, file)]));
  const chain: ChainLink[] = [];
  const done = new Set<string>();
  while (waiting.size > 0) {
    const next = [...waiting].find(([, inbound]) => inbound.every((name) => done.has(name)));
    if (next === undefined) {
      const [[layer, inbound]] = waiting;
      const missing = inbound.find((name) => !byName.has(name));
      throw branching(
        layer,
        file,
        missing === undefined
          ? "is fed by its own output"
          : `is fed by "${missing}", which is no layer of the model`,
      );
    }
    const [layer, inbound] = next;
    waiting.delete(layer);
    done.add(layer.name);
    chain.push(linkOf(layer, inbound, chain, byName, file));
  }
  return chain;
}

function linkOf(
  layer: KerasLayer,
  inbound: readonly string[],
  chain: readonly ChainLink[],
  byName: ReadonlyMap<string, KerasLayer>,
  file: string,
): ChainLink {
  const previous = chain.at(-1)?.layer;
  if (previous === undefined) {
    if (inbound.length === 0) return { layer };
  } else if (inbound.length === 1 && inbound[0] === previous.name) {
    return { layer };
  } else if (layer.className === "Add" && inbound.length === 2) {
    const other = inbound.find((name) => name !== previous.name);
    if (inbound.includes(previous.name) && other !== undefined) {
      return { layer, added: byName.get(other)! };
    }
  }
  const fed =
    inbound.length === 0 ? "has no input" : `takes ${inbound.map((n) => `"${n}"`).join(", ")}`;
  const expected = previous === undefined ? "starts the model" : `comes behind "${previous.name}"`;
  throw branching(layer, file, `${fed} and ${expected}`);
}

function branching(layer: KerasLayer, file: string, says: string): ModelError {
  return unsupported(
    file,
    `layer "${layer.name}" (${layer.className}) ${says}; a spec can say one chain of layers, with Add for a residual connection.`,
  );
}

/** Names of the layers that feed it. Keras 3 writes tensors with their history, Keras 2 lists. */
function inboundOf(layer: KerasLayer, file: string): string[] {
  const { inbound_nodes: nodes } = layer.written;
  if (!Array.isArray(nodes) || nodes.length === 0) return [];
  if (nodes.length > 1) throw branching(layer, file, "is used more than once");
  const names: string[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 6) return;
    if (isFields(value)) {
      const history = isFields(value.config) ? value.config.keras_history : undefined;
      if (Array.isArray(history)) names.push(wordOr(history[0], ""));
      else for (const inner of Object.values(value)) visit(inner, depth + 1);
    } else if (Array.isArray(value)) {
      const [name, node] = value as unknown[];
      if (typeof name === "string" && typeof node === "number") names.push(name);
      else for (const inner of value) visit(inner, depth + 1);
    }
  };
  const [node] = nodes as unknown[];
  visit(isFields(node) && node.args !== undefined ? node.args : node, 0);
  return names;
}
