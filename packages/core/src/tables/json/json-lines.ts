// JSON Lines: a record in each line, read line by line.

import type { RawTable, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";
import { LineIndex } from "../text/line-index.ts";
import { web } from "../web-platform.ts";
import { jsonProblem, RecordColumns } from "./json-table.ts";

/** No record is longer. */
const MAX_LINE = 2 ** 24;

export class JsonLinesReader {
  private readonly name: string;
  private readonly decoder = new web.TextDecoder("utf-8", { fatal: true });
  private readonly records: RecordColumns;
  private readonly lines = new LineIndex();
  private line = 0;
  private rest = "";

  constructor(name: string, plan: ReadPlan) {
    this.name = name;
    this.records = new RecordColumns(name, plan, (row) => `${name}:${this.lines.lineOf(row)}`);
  }

  get rows(): number {
    return this.records.rows;
  }

  /** @throws TableError */
  push(bytes: Uint8Array): void {
    const lines = (
      this.rest + this.decoded(() => this.decoder.decode(bytes, { stream: true }))
    ).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) this.add(line);
    if (this.rest.length > MAX_LINE) {
      throw this.unreadable("a line of more than 16 MB; a record stands in a line of its own.");
    }
  }

  /** @throws TableError */
  end(): RawTable {
    this.rest += this.decoded(() => this.decoder.decode());
    this.add(this.rest);
    return this.records.finish("jsonLines");
  }

  private add(text: string): void {
    this.line++;
    if (text.trim() === "") return;
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch (error) {
      throw this.unreadable(jsonProblem((error as Error).message));
    }
    this.lines.add(this.line);
    this.records.addRecord(record);
  }

  private decoded(decode: () => string): string {
    try {
      return decode();
    } catch {
      this.line++;
      throw this.unreadable("this is not UTF-8, as JSON must be.");
    }
  }

  private unreadable(says: string): TableError {
    return new TableError("TABLE_UNREADABLE", `${this.name}:${this.line}: ${says}`);
  }
}
