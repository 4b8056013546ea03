// One column that grows row by row while a file is read. Whether it is one of numbers shows only at
// its end: until then numbers are kept, and texts too as long as there are few different ones.

import { decimalCommaNumber, numberOf } from "../number-cell.ts";
import { NUMBER, NumberScanner } from "./number-scanner.ts";
import type { NumberColumn, RawColumn, Reading, ReadPlan } from "./raw-table.ts";
import { type Decode, TextLevels } from "./text-levels.ts";

/**
 * A column whose type is inferred keeps so many different texts. More cannot become a feature
 * without its user's word (`MOST_LEVELS` is fewer), and memory stays small whatever a file holds.
 */
const MOST_TEXTS = 4096;

/** A column of which more cells are numbers is one of numbers, with a few cells that are not. */
const NUMBERS_FROM = 0.5;

export class ColumnBuilder {
  readonly name: string;
  private readonly asText: boolean;
  private readonly decimal: ReadPlan["decimal"];
  private readonly missingNumbers: ReadonlySet<number>;
  private readonly scanner = new NumberScanner();
  private readonly missing: ReadonlySet<string>;
  private levels: TextLevels;
  private keepsTexts = true;
  private rows = 0;
  private values = new Float64Array(64);
  private codes = new Int32Array(64);
  /** Cells that are numbers, with a decimal point or without one. */
  private numbers = 0;
  private missingCells = 0;
  private hasPoint = false;
  /** Cells that are numbers if the comma is the decimal sign. */
  private readonly commas: Cells = { count: 0, row: -1, text: "" };
  private readonly texts: Cells = { count: 0, row: -1, text: "" };

  constructor(name: string, reading: Reading, { missing, decimal }: ReadPlan) {
    this.name = name;
    this.asText = reading === "text";
    this.decimal = decimal;
    this.missing = missing;
    this.missingNumbers = new Set(
      [...missing].filter((word) => NUMBER.test(word)).map((word) => Number(word)),
    );
    this.levels = new TextLevels(missing);
  }

  /** A cell of text, without blanks around it. */
  addBytes(bytes: Uint8Array, start: number, end: number, decode: Decode): void {
    if (start === end) {
      this.addMissing();
      return;
    }
    if (!this.asText) {
      const value = this.scanner.scan(bytes, start, end);
      if (!Number.isNaN(value)) {
        const code = this.keepsTexts ? this.levels.codeOfBytes(bytes, start, end, decode) : 0;
        this.addScanned(value, code);
        return;
      }
    }
    if (this.keepsTexts) {
      const code = this.levels.codeOfBytes(bytes, start, end, decode);
      this.addLevel(code, this.levels.texts[code]);
    } else {
      this.addText(decode(bytes, start, end));
    }
  }

  /** A text from a format that tells texts from numbers; what looks like a number is one here too. */
  addText(text: string): void {
    const cell = text.trim();
    if (this.keepsTexts) {
      this.addLevel(this.levels.codeOfText(cell), cell);
    } else if (this.missing.has(cell)) {
      this.addMissing();
    } else {
      this.addOther(cell, 0);
    }
  }

  addMissing(): void {
    this.missingCells++;
    this.push(Number.NaN, -1);
  }

  /** @param reading As it was said at first, unless only the end showed it. */
  finish(reading: Reading = this.asText ? "text" : "infer"): RawColumn {
    const { name, rows } = this;
    const present = rows - this.missingCells;
    const decimalComma = this.decimal === undefined ? !this.hasPoint : this.decimal === ",";
    const numbers = this.numbers + (decimalComma ? this.commas.count : 0);
    if (reading === "text" || numbers < NUMBERS_FROM * present) {
      const codes = this.keepsTexts ? this.codes.slice(0, rows) : new Int32Array(0);
      const levels = this.levels.texts;
      return { kind: "text", name, codes, levels, overflow: !this.keepsTexts };
    }
    const odd = this.oddCells(decimalComma);
    const column: NumberColumn = {
      kind: "number",
      name,
      values: this.values.subarray(0, rows),
      decimalComma: decimalComma && this.commas.count > 0,
    };
    return odd.count === 0 ? column : { ...column, odd };
  }

  private oddCells(decimalComma: boolean): Cells {
    const kinds = decimalComma ? [this.texts] : [this.texts, this.commas];
    const [first] = kinds.filter(({ count }) => count > 0).sort((a, b) => a.row - b.row);
    const count = kinds.reduce((sum, cells) => sum + cells.count, 0);
    return { count, row: first?.row ?? -1, text: first?.text ?? "" };
  }

  private addScanned(value: number, code: number): void {
    if (code === -1 || (this.missingNumbers.size > 0 && this.missingNumbers.has(value))) {
      this.addMissing();
      return;
    }
    this.numbers++;
    if (this.scanner.hasPoint) this.hasPoint = true;
    this.push(value, code);
    this.forgetManyTexts();
  }

  private addLevel(code: number, text: string): void {
    if (code === -1) this.addMissing();
    else this.addOther(text, code);
    this.forgetManyTexts();
  }

  /** A text that is no number, unless a comma is the decimal sign here or odd blanks stood around. */
  private addOther(text: string, code: number): void {
    const number = this.asText ? undefined : numberOf(text);
    if (number !== undefined) {
      this.scanner.hasPoint = text.includes(".");
      this.addScanned(number, code);
      return;
    }
    const value = this.asText ? undefined : decimalCommaNumber(text);
    const cells = value === undefined ? this.texts : this.commas;
    if (cells.count++ === 0) {
      cells.row = this.rows;
      cells.text = text;
    }
    this.push(value ?? Number.NaN, code);
  }

  private forgetManyTexts(): void {
    if (this.asText || !this.keepsTexts || this.levels.texts.length <= MOST_TEXTS) return;
    this.keepsTexts = false;
    // A sample of them is kept, for messages.
    const few = new TextLevels(this.missing);
    for (const text of this.levels.texts.slice(0, MOST_TEXTS)) few.codeOfText(text);
    this.levels = few;
    this.codes = new Int32Array(0);
  }

  private push(value: number, code: number): void {
    const row = this.rows++;
    if (!this.asText) {
      if (row === this.values.length) {
        const larger = new Float64Array(2 * row);
        larger.set(this.values);
        this.values = larger;
      }
      this.values[row] = value;
    }
    if (!this.keepsTexts) return;
    if (row === this.codes.length) {
      const larger = new Int32Array(2 * row);
      larger.set(this.codes);
      this.codes = larger;
    }
    this.codes[row] = code;
  }
}

interface Cells {
  count: number;
  row: number;
  text: string;
}
