// What an element names, and the experiment that it stands for.

import type { Source } from "../messages.ts";

export type LabSource =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "spec"; readonly spec: unknown }
  | { readonly kind: "src"; readonly src: string }
  | { readonly kind: "preset"; readonly preset: string };

/** Undefined: it names none. */
export async function sourceOf(source: LabSource): Promise<Source | undefined> {
  switch (source.kind) {
    case "none":
      return undefined;
    case "spec":
      return { spec: source.spec };
    case "text":
      return { spec: parsedJson("The attribute spec", source.text) };
    case "preset":
      return { preset: source.preset };
    case "src": {
      const response = await fetch(source.src);
      if (!response.ok) throw new Error(`${source.src}: ${response.status} ${response.statusText}`);
      return { spec: parsedJson(source.src, await response.text()) };
    }
  }
}

function parsedJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} is no JSON: ${(error as Error).message}`);
  }
}
