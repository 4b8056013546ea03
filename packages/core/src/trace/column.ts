// A column of numbers that arrives in pieces.

export class Column {
  #values = new Float32Array(16);
  #length = 0;

  /** Puts a piece at its place; a piece that is told twice replaces itself. */
  put(first: number, piece: Float32Array): void {
    const end = first + piece.length;
    if (end > this.#values.length) {
      const grown = new Float32Array(Math.max(end, 2 * this.#values.length));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values.set(piece, first);
    this.#length = Math.max(this.#length, end);
  }

  values(): Float32Array {
    return this.#values.slice(0, this.#length);
  }

  /** The same without a copy, for a moment: what is put later may or may not show in it. */
  view(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Columns by name. */
export class Columns<Name extends string> {
  readonly #columns = new Map<Name, Column>();

  put(first: number, pieces: Readonly<Partial<Record<Name, Float32Array>>>): void {
    for (const [name, piece] of Object.entries(pieces) as [Name, Float32Array][]) {
      const column = this.#columns.get(name) ?? new Column();
      this.#columns.set(name, column);
      column.put(first, piece);
    }
  }

  view(name: Name): Float32Array | undefined {
    return this.#columns.get(name)?.view();
  }

  values(): Partial<Record<Name, Float32Array>> {
    const entries = [...this.#columns].map(([name, column]) => [name, column.values()]);
    return Object.fromEntries(entries) as Partial<Record<Name, Float32Array>>;
  }
}
