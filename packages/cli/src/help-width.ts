// How many cells a text takes, in the place of the package string-width in the yargs that is built.
// All of the help is ASCII (manners.e2e.test.ts), and no text of a user's goes through it.

export default function helpWidth(text: string): number {
  return text.length;
}
