// The different texts of a column, each with a code. A cell is looked up by its bytes, so that a
// string is made of a text once and not in every row.

export class TextLevels {
  /** Each text once, in the order of appearance. */
  readonly texts: string[] = [];
  private readonly codes = new Map<string, number>();
  private readonly missing: ReadonlySet<string>;
  /** Open addressing: the number of an entry, from 1; 0 where there is none. */
  private slots = new Int32Array(64);
  private readonly entries: Entry[] = [];
  private bytes = new Uint8Array(256);
  private used = 0;

  constructor(missing: ReadonlySet<string>) {
    this.missing = missing;
  }

  /** -1 for a text that stands for a missing value. */
  codeOfText(text: string): number {
    const trimmed = text.trim();
    const known = this.codes.get(trimmed);
    if (known !== undefined) return known;
    const code = this.missing.has(trimmed) ? -1 : this.texts.push(trimmed) - 1;
    this.codes.set(trimmed, code);
    return code;
  }

  codeOfBytes(bytes: Uint8Array, start: number, end: number, decode: Decode): number {
    const mask = this.slots.length - 1;
    const hash = hashOf(bytes, start, end);
    let slot = hash & mask;
    while (this.slots[slot] !== 0) {
      const entry = this.entries[this.slots[slot] - 1];
      if (entry.hash === hash && this.equals(entry, bytes, start, end)) return entry.code;
      slot = (slot + 1) & mask;
    }
    const code = this.codeOfText(decode(bytes, start, end));
    this.slots[slot] = this.entries.push(this.keep(bytes, start, end, hash, code));
    if (this.entries.length * 2 > this.slots.length) this.grow();
    return code;
  }

  private equals({ start, end }: Entry, bytes: Uint8Array, from: number, to: number): boolean {
    if (end - start !== to - from) return false;
    for (let i = start, j = from; i < end; i++, j++) {
      if (this.bytes[i] !== bytes[j]) return false;
    }
    return true;
  }

  private keep(bytes: Uint8Array, from: number, to: number, hash: number, code: number): Entry {
    const start = this.used;
    const end = start + to - from;
    if (end > this.bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.bytes.subarray(0, start));
      this.bytes = larger;
    }
    for (let i = from; i < to; i++) this.bytes[this.used++] = bytes[i];
    return { hash, start, end, code };
  }

  private grow(): void {
    const slots = new Int32Array(4 * this.slots.length);
    const mask = slots.length - 1;
    this.entries.forEach(({ hash }, i) => {
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    });
    this.slots = slots;
  }
}

export type Decode = (bytes: Uint8Array, start: number, end: number) => string;

interface Entry {
  readonly hash: number;
  readonly start: number;
  readonly end: number;
  readonly code: number;
}

/** FNV-1a, 32 bits, its upper half folded into the lower, which is what the slots are chosen by. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash ^ (hash >>> 15);
}
