// The part of the page's address that holds an experiment, as one element of the page reads and writes
// it. How it is packed is share.ts's business, which is loaded when there is something to pack.

import type { SharedLab } from "./share.ts";

/** What the address holds for an element; undefined: nothing. */
export async function labInAddress(element: Element): Promise<SharedLab | undefined> {
  const { hash } = location;
  if (!hash.startsWith("#lab=")) return undefined;
  const { sharedLab } = await import("./share.ts");
  return sharedLab(nameOf(element), hash);
}

/** Gives what to say about it. */
export async function putIntoAddress(
  element: Element,
  preset: string | undefined,
  written: unknown,
): Promise<string> {
  const { folded, MOST_CHARACTERS, shareHash } = await import("./share.ts");
  const spec = folded(written);
  const isOfFile =
    (spec as { data?: { source?: { kind?: string } } })?.data?.source?.kind === "table";
  const hash = await shareHash(nameOf(element), { preset, spec });
  if (hash.length > MOST_CHARACTERS) return "It is too large for a link; take the spec as text.";
  history.replaceState(history.state, "", hash);
  const note = isOfFile ? " It holds no rows: who opens it needs the file." : "";
  try {
    await navigator.clipboard.writeText(location.href);
    return `The link is in the clipboard and in the address bar.${note}`;
  } catch {
    return `The link is in the address bar.${note}`;
  }
}

/** By which a link tells this lab from others of the page. */
function nameOf(element: Element): string {
  if (element.id !== "") return element.id;
  return String([...document.querySelectorAll(element.localName)].indexOf(element));
}
