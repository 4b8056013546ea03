// A file of JSON lines that is only ever added to. What was written is on the disk before the next
// step, and a line that was cut off by the end of a process is cut away by the next.

import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { CliError, fileErrorReason } from "../errors.ts";
import { writing } from "../files.ts";

const PIECE = 1 << 20;
const LINE_END = 10;

export class JsonLines {
  readonly path: string;
  readonly #file: number;
  #size: number;

  private constructor(path: string, file: number, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /** Opens or makes the file; a last line without its end goes. */
  static open(path: string): JsonLines {
    let opened: JsonLines | undefined;
    writing(path, () => {
      const file = openSync(path, "a+");
      const size = wholeLines(file);
      if (size < fstatSync(file).size) ftruncateSync(file, size);
      opened = new JsonLines(path, file, size);
    });
    return opened!;
  }

  /** Returns once the lines are on the disk; a write that fails leaves none of them. */
  append(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    writing(this.path, () => {
      try {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(this.#file, bytes, done, bytes.length - done);
        }
        fsyncSync(this.#file);
      } catch (error) {
        ftruncateSync(this.#file, this.#size);
        throw error;
      }
    });
    this.#size += bytes.length;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Leaves so many bytes of the file, which end a line. */
  cut(bytes: number): void {
    if (bytes >= this.#size) return;
    writing(this.path, () => ftruncateSync(this.#file, bytes));
    this.#size = bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}

export interface Line {
  readonly text: string;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** The lines of a file one by one, none of which has to be held; one without its end is left out. */
export function* linesOf(path: string): Generator<Line, void> {
  const file = openForReading(path);
  try {
    let rest = Buffer.alloc(0);
    let offset = 0;
    const piece = Buffer.alloc(PIECE);
    for (;;) {
      const read = readSync(file, piece, 0, PIECE, null);
      if (read === 0) return;
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, start)) {
        yield {
          text: bytes.toString("utf8", start, end),
          offset: offset + start,
          bytes: end - start,
        };
        start = end + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
      offset += start;
    }
  } finally {
    closeSync(file);
  }
}

/** Lines of a file by their places. */
export class LineReader {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openForReading(path);
  }

  at(offset: number, bytes: number): string {
    const line = Buffer.alloc(bytes);
    readSync(this.#file, line, 0, bytes, offset);
    return line.toString("utf8");
  }

  close(): void {
    closeSync(this.#file);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${path}: ${fileErrorReason(error)}.`);
  }
}

/** Bytes up to and with the last line end. */
function wholeLines(file: number): number {
  const piece = Buffer.alloc(PIECE);
  for (let end = fstatSync(file).size; end > 0; ) {
    const start = Math.max(0, end - PIECE);
    const read = readSync(file, piece, 0, end - start, start);
    const last = piece.subarray(0, read).lastIndexOf(LINE_END);
    if (last !== -1) return start + last + 1;
    end = start;
  }
  return 0;
}
