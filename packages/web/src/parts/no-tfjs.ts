// TensorFlow.js in the one-file version: it would be three times the file.

export async function openTfjs(reason: string): Promise<never> {
  throw new RangeError(`${reason} ${MISSING}`);
}

export async function openCheckedTfjs(): Promise<never> {
  throw new RangeError(MISSING);
}

const MISSING =
  "The one-file version does not have TensorFlow.js; load the module instead (docs/embedding.md).";
