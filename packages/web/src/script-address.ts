// Where the one-file version was loaded from. A document tells that only while the script runs, so
// iife.ts imports this first.

const script = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;

/** Empty for a script without an address of its own. */
export const SCRIPT_ADDRESS: string = script?.src ?? "";
