import { expect, test } from "vitest";
import { sameCommand } from "./same-command.ts";

test.each([
  [{}, ["run", "a.yaml", "--seeds", "3"], "clab run a.yaml --seeds 3"],
  [
    { npm_package_name: "convergence-lab" },
    ["run", "my spec.yaml"],
    "npm run --silent clab -- run 'my spec.yaml'",
  ],
  [{ npm_package_name: "someone-elses" }, ["run", "it's;.yaml"], "clab run 'it'\\''s;.yaml'"],
])("in %j %j is typed again as %s", (env, args, text) => {
  expect(sameCommand(args, env)).toBe(text);
});
