// `npm run build`, `npm run check`: one turbo task over all packages, on a machine without pnpm too.

import { install, StepFailed, turbo } from "./steps.mjs";

const [task] = process.argv.slice(2);
try {
  await install();
  await turbo(`Running ${task} in all packages`, task);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.exitCode = 1;
}
