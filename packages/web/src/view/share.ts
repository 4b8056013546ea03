// An experiment in the part of an address that no server sees. It is written when a person asks for
// a link, and read when the page that it names is opened; opening it trains nothing.

export { folded, unfolded } from "./spec-text.ts";

export interface SharedLab {
  readonly preset?: string | undefined;
  /** Absent: the preset's own. */
  readonly spec?: unknown;
}

/** Browsers and chat programs cut longer addresses. */
export const MOST_CHARACTERS = 8000;

/** `#lab=name:payload`; the name tells several labs of a page apart. */
export async function shareHash(name: string, lab: SharedLab): Promise<string> {
  const packed = await through(new CompressionStream("deflate-raw"), utf8(JSON.stringify(lab)));
  return `#lab=${encodeURIComponent(name)}:${base64url(packed)}`;
}

/** What the hash holds for the lab of this name; undefined: nothing, or nothing that can be read. */
export async function sharedLab(name: string, hash: string): Promise<SharedLab | undefined> {
  const [, of, payload] = /^#lab=([^:]*):([\w-]+)$/.exec(hash) ?? [];
  if (payload === undefined || decoded(of) !== name) return undefined;
  try {
    const bytes = await through(new DecompressionStream("deflate-raw"), bytesOf(payload));
    const lab: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof lab !== "object" || lab === null) return undefined;
    const { preset, spec } = lab as SharedLab;
    return { preset: typeof preset === "string" ? preset : undefined, spec };
  } catch {
    return undefined;
  }
}

/** What is unpacked ends here: a link of a few kB could say it is a terabyte. */
const MOST_BYTES = 2 ** 22;

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError("the link unpacks to more than a spec");
    }
    chunks.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
