// The command line that was given, as its user can type it again.

export function sameCommand(args: readonly string[], env: NodeJS.ProcessEnv): string {
  // In a clone of the repository nothing has put `clab` on the PATH.
  const isClone = env.npm_package_name === "convergence-lab";
  return [isClone ? "npm run --silent clab --" : "clab", ...args.map(word)].join(" ");
}

/** Quoted where a shell would take it apart. */
function word(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
