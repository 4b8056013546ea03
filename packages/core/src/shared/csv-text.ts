// CSV as RFC 4180 has it.

export function csvText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** Quoted where needed; a leading quote keeps a spreadsheet from running text as a formula (OWASP). */
export function csvField(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
