// Words that several checks share.

/** "x3", "x3 and x4", "x3, x4, x5 and 7 more". */
export function listed(names: readonly string[], most = 3): string {
  if (names.length === 1) return names[0];
  if (names.length > most + 1) {
    return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  }
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "column x3", "columns x3 and x4". */
export function columnsText(names: readonly string[]): string {
  return `${names.length === 1 ? "column" : "columns"} ${listed(names)}`;
}

export function rowsText(rows: number): string {
  return `${rows} ${rows === 1 ? "row" : "rows"}`;
}
