// Text for a terminal or a log: nothing in it can steer what shows it, and its width is known.

/** Escape sequences: CSI with its parameters, OSC and the like up to their end, ESC and one more. */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed.
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

/** Marks that reorder the text around them, which makes a name read as another. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** One line of plain characters: no escape sequence, control character, line break or lone surrogate. */
export function plainText(text: string): string {
  return text
    .replace(SEQUENCES, "")
    .replace(/[\t\n\r\u2028\u2029]+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .replace(BIDI, "")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

const WIDE =
  /\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul}|[\uff01-\uff60\u3000-\u303f]/u;

/** Columns that a terminal gives to it: two for wide scripts, none for combining marks. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!/\p{M}|\u200d/u.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Filled up with blanks to a width, or cut to it with an ellipsis. */
export function fit(text: string, width: number, ellipsis = "\u2026"): string {
  if (displayWidth(text) <= width) return text + " ".repeat(width - displayWidth(text));
  let kept = "";
  for (const character of text) {
    if (displayWidth(kept + character + ellipsis) > width) break;
    kept += character;
  }
  return fit(kept + ellipsis, width);
}

/** Lines of at most `width` columns, broken at blanks. A word longer than that stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
