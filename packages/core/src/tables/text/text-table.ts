// A table of text, piece by piece: separators, the line of names, and cells into typed columns. No
// more of the text is kept than the record that a piece ends in.

import { ColumnBuilder } from "../columns/column-builder.ts";
import type { RawTable, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";
import { joinedBytes } from "../joined-bytes.ts";
import { checkCells } from "../size-limits.ts";
import { CellDecoder, encodingOfMark, NotText, NotUtf8, Transcoder } from "./decode-text.ts";
import { LineIndex } from "./line-index.ts";
import { BAD_QUOTE, INCOMPLETE, RecordScanner } from "./record-scanner.ts";

/** No row of a table is longer; a quote that never ends would make one of the rest of the file. */
const MAX_RECORD = 2 ** 24;

export class TextTableReader {
  private readonly name: string;
  private readonly plan: ReadPlan;
  private transcoder: Transcoder | undefined;
  private readonly decoder = new CellDecoder();
  private readonly scanner: RecordScanner;
  private isStarted = false;
  /** What is not scanned yet. One buffer for the whole file, so that a piece allocates nothing. */
  private buffer = new Uint8Array(2 ** 16);
  private used = 0;
  /** Bytes of an incomplete record: scanning goes on when there are twice as many. */
  private incomplete = 0;
  private line = 1;
  private readonly lines = new LineIndex();
  /** Whether the separator is still to be found. */
  private guesses: boolean;
  private names: string[] | undefined;
  private builders: (ColumnBuilder | undefined)[] = [];
  private rowCount = 0;
  /** A record of another length, until it shows whether it is the last. */
  private ragged: { readonly line: number; readonly cells: number } | undefined;

  constructor(name: string, plan: ReadPlan) {
    this.name = name;
    this.plan = plan;
    this.guesses = plan.separator === undefined;
    this.scanner = new RecordScanner((plan.separator ?? ",").charCodeAt(0));
  }

  get rows(): number {
    return this.rowCount;
  }

  /** @throws TableError (TABLE_UNREADABLE, TABLE_HEADER, and what the plan throws) */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    let text = bytes;
    if (!this.isStarted) {
      // A mark of three bytes must not be cut in two.
      if (this.used + bytes.length < 3) {
        this.wait(bytes);
        return;
      }
      text = this.start(joinedBytes([this.taken(), bytes]));
    } else if (this.transcoder !== undefined) {
      text = this.transcoder.push(bytes);
    }
    this.refuseBinary(text);
    this.wait(text);
    if (this.used >= 2 * this.incomplete) this.scanWaiting(false);
  }

  /** @throws TableError */
  end(): RawTable {
    if (!this.isStarted) this.wait(this.start(this.taken()));
    if (this.transcoder !== undefined) this.wait(this.transcoder.end());
    this.scanWaiting(true);
    if (this.ragged !== undefined) throw this.raggedError(this.ragged, true);
    if (this.names === undefined || this.rowCount === 0) {
      const found = this.names === undefined ? "is empty" : "has one line and no rows below it";
      throw this.unreadable(
        ` ${found}; a table is a line of column names and a line for every row.`,
      );
    }
    const separator = String.fromCharCode(this.scanner.separator);
    const { encoding } = this.decoder;
    return {
      name: this.name,
      format: "text",
      rows: this.rowCount,
      names: this.names,
      columns: this.builders.flatMap((builder) => (builder ? [builder.finish()] : [])),
      separator,
      ...(encoding === undefined ? {} : { encoding }),
      notes:
        encoding === undefined
          ? []
          : [`${this.name} is not UTF-8 and was read as ${encoding}; --encoding names another.`],
      placeOf: (row) => `${this.name}:${this.lines.lineOf(row)}`,
    };
  }

  /** The first bytes without their mark, as UTF-8. */
  private start(bytes: Uint8Array): Uint8Array {
    this.isStarted = true;
    const marked = encodingOfMark(bytes);
    const encoding = marked ?? this.plan.encoding;
    if (encoding !== undefined && encoding !== "utf-8") {
      this.transcoder = new Transcoder(this.name, encoding);
      return this.transcoder.push(bytes);
    }
    if (encoding === "utf-8" && marked === undefined) {
      this.transcoder = new Transcoder(this.name, "utf-8");
      return this.transcoder.push(bytes);
    }
    return marked === "utf-8" ? bytes.subarray(3) : bytes;
  }

  private wait(bytes: Uint8Array): void {
    const needed = this.used + bytes.length;
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.buffer.subarray(0, this.used));
      this.buffer = larger;
    }
    this.buffer.set(bytes, this.used);
    this.used = needed;
  }

  private taken(): Uint8Array {
    const bytes = this.buffer.slice(0, this.used);
    this.used = 0;
    return bytes;
  }

  private scanWaiting(isLast: boolean): void {
    const bytes = this.buffer.subarray(0, this.used);
    let position = 0;
    while (position < bytes.length) {
      if (this.guesses && !this.findSeparator(bytes, position, isLast)) break;
      const next = this.scanner.scan(bytes, position, isLast);
      if (next === INCOMPLETE) break;
      if (next === BAD_QUOTE) throw this.quoteError();
      this.record(bytes);
      this.line += 1 + this.scanner.innerLines;
      position = next;
    }
    this.buffer.copyWithin(0, position, this.used);
    this.used -= position;
    this.incomplete = this.used;
    if (this.used > MAX_RECORD) throw this.quoteError();
  }

  /** Takes what the scanner found last. */
  private record(bytes: Uint8Array): void {
    const { cells } = this.scanner;
    if (cells.count === 1 && cells.starts[0] === cells.ends[0]) return;
    if (this.ragged !== undefined) throw this.raggedError(this.ragged, false);
    try {
      if (this.names === undefined) {
        this.header(bytes);
      } else if (cells.count !== this.names.length) {
        this.ragged = { line: this.line, cells: cells.count };
      } else {
        this.row(bytes);
      }
    } catch (error) {
      if (error instanceof NotText) throw this.binaryError();
      if (!(error instanceof NotUtf8)) throw error;
      throw this.unreadable(
        `:${this.line}: a cell is not UTF-8, but cells above it are; say how the file is encoded, for instance --encoding windows-1252.`,
      );
    }
  }

  private row(bytes: Uint8Array): void {
    const { builders, decoder } = this;
    const { starts, ends, escaped } = this.scanner.cells;
    this.lines.add(this.line);
    this.rowCount++;
    for (let j = 0; j < builders.length; j++) {
      const builder = builders[j];
      if (builder === undefined) continue;
      if (escaped[j] === 1) {
        const cell = withoutDoubledQuotes(bytes.subarray(starts[j], ends[j]));
        builder.addBytes(cell, 0, cell.length, decoder.decode);
      } else {
        builder.addBytes(bytes, starts[j], ends[j], decoder.decode);
      }
    }
    if (this.rowCount % ROWS_PER_CHECK === 0) {
      checkCells(this.name, this.rowCount, builders.length);
    }
  }

  private header(bytes: Uint8Array): void {
    const { count, starts, ends, escaped } = this.scanner.cells;
    const cells = Array.from({ length: count }, (_, j) => {
      const cell = bytes.subarray(starts[j], ends[j]);
      const plain = escaped[j] === 1 ? withoutDoubledQuotes(cell) : cell;
      return this.decoder.decode(plain, 0, plain.length);
    });
    this.guesses = false;
    this.names = columnNames(this.name, this.line, cells);
    checkCells(this.name, 1, count);
    const readings = this.plan.readings(this.names, "text");
    this.builders = this.names.map((name, j) =>
      readings[j] === "skip" ? undefined : new ColumnBuilder(name, readings[j], this.plan),
    );
  }

  /**
   * The one that cuts the first line into most cells; among equals a comma. False where that line
   * is not whole yet.
   */
  private findSeparator(bytes: Uint8Array, position: number, isLast: boolean): boolean {
    const { scanner } = this;
    let best = ",";
    let most = 0;
    for (const separator of [",", "\t", ";", "|"]) {
      scanner.separator = separator.charCodeAt(0);
      const next = scanner.scan(bytes, position, isLast);
      if (next === INCOMPLETE) return false;
      if (next === BAD_QUOTE || scanner.cells.count <= most) continue;
      best = separator;
      most = scanner.cells.count;
    }
    scanner.separator = best.charCodeAt(0);
    return true;
  }

  /** No text table holds a NUL; a compressed or a binary file has one soon. */
  private refuseBinary(bytes: Uint8Array): void {
    // indexOf is the faster of the two here.
    if (bytes.indexOf(0) !== -1) throw this.binaryError();
  }

  private binaryError(): TableError {
    return this.unreadable(
      " is not text: it holds bytes that no text has; save the table as CSV, or name its encoding with --encoding utf-16le.",
    );
  }

  private quoteError(): TableError {
    return this.unreadable(
      `:${this.line + this.scanner.linesBeforeQuote}: a quoted cell begins here and ends nowhere or in the middle of text; double the quotes inside it, or see whether the file was cut off.`,
    );
  }

  private raggedError({ line, cells }: { line: number; cells: number }, isLast: boolean) {
    const separator = String.fromCharCode(this.scanner.separator);
    const hint = isLast
      ? "see whether the file was cut off"
      : `quote cells that hold ${JSON.stringify(separator)}, or name the separator`;
    return this.unreadable(
      `:${line}: ${cells} cells, but the first line names ${this.names!.length} columns; ${hint}.`,
    );
  }

  private unreadable(says: string): TableError {
    return new TableError("TABLE_UNREADABLE", `${this.name}${says}`);
  }
}

/** How often the size is looked at. */
const ROWS_PER_CHECK = 1024;

/** As pandas calls a column without a name. */
function columnNames(table: string, line: number, header: readonly string[]): string[] {
  const columns = header.map((cell, j) => cell.trim() || `Unnamed: ${j}`);
  if (new Set(columns).size === columns.length) return columns;
  const repeated = columns.find((column, j) => columns.indexOf(column) < j)!;
  const places = columns.flatMap((column, j) => (column === repeated ? [j + 1] : []));
  throw new TableError(
    "TABLE_HEADER",
    `${table}:${line}: columns ${places.join(" and ")} are both called "${repeated}"; give every column a name of its own.`,
  );
}

function withoutDoubledQuotes(cell: Uint8Array): Uint8Array {
  const plain = new Uint8Array(cell.length);
  let length = 0;
  for (let i = 0; i < cell.length; i++) {
    plain[length++] = cell[i];
    if (cell[i] === 34 && cell[i + 1] === 34) i++;
  }
  return plain.subarray(0, length);
}
