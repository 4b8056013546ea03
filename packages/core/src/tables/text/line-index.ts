// In which line of the file each row begins. Rows mostly follow each other line by line, so only
// where they do not, after a blank line or a cell with line ends in it, is anything kept.

export class LineIndex {
  private readonly rows: number[] = [];
  private readonly lines: number[] = [];
  private nextLine = Number.NaN;
  private count = 0;

  /** The next row begins in this line. */
  add(line: number): void {
    if (line !== this.nextLine) {
      this.rows.push(this.count);
      this.lines.push(line);
    }
    this.nextLine = line + 1;
    this.count++;
  }

  lineOf(row: number): number {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.rows[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return this.lines[low] + row - this.rows[low];
  }
}
