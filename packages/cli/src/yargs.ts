// yargs as this program has it. In what is built it is one small file (build.mjs): from its own
// package it is forty, and measures text with tables of emoji that take longer to read than the rest.

export { default } from "yargs";
export { hideBin } from "yargs/helpers";
