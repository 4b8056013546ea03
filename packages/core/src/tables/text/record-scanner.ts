// Bytes -> records of cells, by the rules of RFC 4180 as Papa Parse reads them: a cell that begins
// with a quote ends with one, quotes inside it are doubled, line ends inside it are text; records
// end with LF, CR LF or CR.

export interface Cells {
  /** Of the record that was scanned last. */
  count: number;
  starts: Int32Array;
  ends: Int32Array;
  /** Whether the cell's bytes hold doubled quotes. */
  escaped: Uint8Array;
}

export const INCOMPLETE = -1;
export const BAD_QUOTE = -2;

export class RecordScanner {
  /** 1 for the bytes that a cell without quotes ends at. */
  private readonly stops = new Uint8Array(256);
  private separatorByte = 0;
  readonly cells: Cells = {
    count: 0,
    starts: new Int32Array(64),
    ends: new Int32Array(64),
    escaped: new Uint8Array(64),
  };
  /** Line ends inside the cells of the record. */
  innerLines = 0;
  /** Line ends of the record before the quoted cell that was scanned last. */
  linesBeforeQuote = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private length = 0;

  constructor(separator: number) {
    this.separator = separator;
  }

  get separator(): number {
    return this.separatorByte;
  }

  set separator(byte: number) {
    this.separatorByte = byte;
    this.stops.fill(0);
    for (const stop of [byte, LF, CR]) this.stops[stop] = 1;
  }

  /**
   * The place after the record that begins at `start`; INCOMPLETE if its end is not there yet;
   * BAD_QUOTE where a quoted cell goes on after its quote, or never ends.
   *
   * @param isLast Whether nothing comes after these bytes.
   */
  scan(bytes: Uint8Array, start: number, isLast: boolean): number {
    this.bytes = bytes;
    this.length = bytes.length;
    this.innerLines = 0;
    const { cells, stops, length } = this;
    let count = 0;
    let i = start;
    for (;;) {
      if (count === cells.starts.length) this.widen();
      const from = i;
      if (bytes[i] === QUOTE) {
        i = this.quotedCell(i, count, isLast);
        if (i < 0) return i;
      } else {
        while (i < length && stops[bytes[i]] === 0) i++;
        this.setCell(count, from, i, false);
      }
      count++;
      cells.count = count;
      if (i === length) return isLast ? i : INCOMPLETE;
      const byte = bytes[i++];
      if (byte === this.separator) continue;
      if (byte === LF) return i;
      if (i === length && !isLast) return INCOMPLETE;
      return bytes[i] === LF ? i + 1 : i;
    }
  }

  /** The place after the cell. */
  private quotedCell(start: number, cell: number, isLast: boolean): number {
    const { bytes, length } = this;
    const open = isLast ? BAD_QUOTE : INCOMPLETE;
    this.linesBeforeQuote = this.innerLines;
    let escaped = false;
    let i = start + 1;
    for (;;) {
      while (i < length && bytes[i] !== QUOTE) {
        if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) this.innerLines++;
        i++;
      }
      if (i === length) return open;
      if (bytes[i + 1] !== QUOTE) break;
      escaped = true;
      i += 2;
    }
    // Whether the quote is doubled shows with the next byte only.
    if (i + 1 === length && !isLast) return INCOMPLETE;
    this.setCell(cell, start + 1, i, escaped);
    i++;
    while (i < length && (bytes[i] === SPACE || bytes[i] === TAB) && bytes[i] !== this.separator) {
      i++;
    }
    if (i === length) return isLast ? i : INCOMPLETE;
    const byte = bytes[i];
    return byte === this.separator || byte === LF || byte === CR ? i : BAD_QUOTE;
  }

  /** Blanks around a cell do not belong to it. */
  private setCell(cell: number, start: number, end: number, escaped: boolean): void {
    const { bytes, cells } = this;
    let from = start;
    let to = end;
    while (from < to && isBlank(bytes[from])) from++;
    while (from < to && isBlank(bytes[to - 1])) to--;
    cells.starts[cell] = from;
    cells.ends[cell] = to;
    cells.escaped[cell] = escaped ? 1 : 0;
  }

  private widen(): void {
    const { cells } = this;
    const widened = <T extends Int32Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    const length = 2 * cells.starts.length;
    cells.starts = widened(cells.starts, new Int32Array(length));
    cells.ends = widened(cells.ends, new Int32Array(length));
    cells.escaped = widened(cells.escaped, new Uint8Array(length));
  }
}

const QUOTE = 34;
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR);
}
