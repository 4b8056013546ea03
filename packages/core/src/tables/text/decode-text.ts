// Which characters the bytes of a text are. A table is cut into cells as bytes, so that only cells
// which are texts, and each different one once, are decoded.

import { TableError } from "../errors.ts";
import { type WebTextDecoder, web } from "../web-platform.ts";

/** Of files that say it in their first bytes (the Encoding Standard's BOM sniff). */
export function encodingOfMark(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return undefined;
}

/**
 * Decodes cells of a text that nobody named the encoding of: UTF-8, or else, from its first cell
 * that cannot be, what programs of western Windows write. A text that mixes both is refused.
 */
export class CellDecoder {
  private readonly utf8 = new web.TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private readonly windows = new web.TextDecoder("windows-1252");
  private found: "utf-8" | "windows-1252" | undefined;

  /** Undefined for UTF-8. */
  get encoding(): string | undefined {
    return this.found === "windows-1252" ? this.found : undefined;
  }

  /** @throws NotUtf8, NotText */
  readonly decode = (bytes: Uint8Array, start: number, end: number): string => {
    let isAscii = true;
    for (let i = start; i < end; i++) {
      const byte = bytes[i];
      if (byte >= 0x80) isAscii = false;
      else if (byte < SPACE && !(byte >= TAB && byte <= CR)) throw new NotText();
    }
    const cell = bytes.subarray(start, end);
    if (isAscii) return this.windows.decode(cell);
    if (this.found === "windows-1252") return this.windows.decode(cell);
    try {
      const text = this.utf8.decode(cell);
      this.found = "utf-8";
      return text;
    } catch {
      if (this.found === "utf-8") throw new NotUtf8();
      this.found = "windows-1252";
      return this.windows.decode(cell);
    }
  };
}

/** A cell that is not UTF-8 below others that are. */
export class NotUtf8 extends Error {}

/** A cell with a byte that no text has. */
export class NotText extends Error {}

const TAB = 9;
const CR = 13;
const SPACE = 32;

/** A text in another encoding, in UTF-8 piece by piece. */
export class Transcoder {
  private readonly name: string;
  private readonly encoding: string;
  private readonly decoder: WebTextDecoder;
  private readonly encoder = new web.TextEncoder();

  /** @throws TableError for an encoding that nobody knows */
  constructor(name: string, encoding: string) {
    this.name = name;
    this.encoding = encoding;
    try {
      this.decoder = new web.TextDecoder(encoding, { fatal: true });
    } catch {
      throw new TableError(
        "TABLE_UNREADABLE",
        `${name}: there is no encoding ${JSON.stringify(encoding)}; try utf-8, utf-16le, windows-1252, iso-8859-2, shift_jis, gb18030 or euc-kr.`,
      );
    }
  }

  push(bytes: Uint8Array): Uint8Array {
    return this.encoder.encode(this.decoding(() => this.decoder.decode(bytes, { stream: true })));
  }

  end(): Uint8Array {
    return this.encoder.encode(this.decoding(() => this.decoder.decode()));
  }

  private decoding(decode: () => string): string {
    try {
      return decode();
    } catch {
      throw new TableError(
        "TABLE_UNREADABLE",
        `${this.name} is not ${this.encoding}, or it was cut off; name its encoding with --encoding, for instance windows-1252.`,
      );
    }
  }
}
