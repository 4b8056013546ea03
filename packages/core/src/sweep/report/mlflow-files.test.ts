import { expect, test } from "vitest";
import { parse } from "yaml";
import { madeUpTrials } from "../../../test/made-up-trials.ts";
import { sweepOf } from "../../../test/sweep-of.ts";
import { experimentFile, fileName, trialFiles } from "./mlflow-files.ts";

const sweep = sweepOf({ parameters: { lr: [0.1], optimizer: ["adam"] } });
const store = { sweep, name: 'small: "a" <b>', uri: "file:///tmp/mlruns", time: 1_700_000_000_000 };
const [record] = madeUpTrials(sweep, () => 0.25);

/** mlflow/utils/validation.py: names of params, metrics and tags. */
const MLFLOW_NAME = /^[/\w.\- ]*$/;

test("an experiment and a run, with the fields that MLflow's file store reads", () => {
  const { path, content } = experimentFile(store);
  expect(path[1]).toBe("meta.yaml");
  expect(path[0]).toMatch(/^\d{18}$/);
  expect(parse(content)).toEqual({
    artifact_location: `file:///tmp/mlruns/${path[0]}`,
    creation_time: 1_700_000_000_000,
    experiment_id: path[0],
    last_update_time: 1_700_000_000_000,
    lifecycle_stage: "active",
    name: 'small: "a" <b>',
  });
  const files = trialFiles(store, record);
  const texts = Object.fromEntries(
    files.map(({ path, content }) => [path.slice(2).join("/"), content]),
  );
  const [{ path: runPath }] = files;
  expect(runPath[1]).toMatch(/^[0-9a-f]{32}$/);
  expect(parse(texts["meta.yaml"])).toMatchObject({
    experiment_id: path[0],
    run_id: runPath[1],
    run_uuid: runPath[1],
    status: 3,
    source_type: 4,
    tags: [],
    lifecycle_stage: "active",
    artifact_uri: `file:///tmp/mlruns/${path[0]}/${runPath[1]}/artifacts`,
  });
  expect(texts["params/lr"]).toBe("0.1");
  expect(texts["params/optimizer"]).toBe("adam");
  // Time, value, step; seeds at 0.25 and 0.251.
  expect(texts["metrics/valLoss"]).toBe("1700000000000 0.2505 6\n");
  expect(texts["metrics/valLoss.sd"]).toMatch(/^1700000000000 0\.000707\d* 6\n$/);
  expect(texts["tags/mlflow.runName"]).toBe("trial-0");
  expect(texts["tags/clab.state"]).toBe("complete");
});

test("a curve is the history of its medians, without its gaps", () => {
  const { index, id } = record;
  const curve = { index, id, epochs: [1, 3, 6], medians: { loss: [0.5, null, 0.25] } };
  const files = trialFiles(store, record, curve);
  const metrics = files.filter(({ path }) => path[2] === "metrics");
  const names = metrics.map(({ path }) => path[3]).filter((name) => name.endsWith(".median"));
  expect(names).toEqual(["loss.median"]);
  expect(metrics.at(-1)!.content).toBe("1700000000000 0.5 1\n1700000000000 0.25 6\n");
});

test("a trial without a value has no such metric, and the same trial of another sweep another run", () => {
  const [diverged] = madeUpTrials(sweep, () => null);
  const names = trialFiles(store, diverged).map(({ path }) => path.slice(2).join("/"));
  expect(names).not.toContain("metrics/valLoss");
  expect(names).toContain("metrics/accuracy");
  const other = { ...store, sweep: { ...sweep, name: "other" } };
  expect(trialFiles(other, record)[0].path[1]).not.toBe(trialFiles(store, record)[0].path[1]);
});

test.each([
  ["learning_rate", "learning_rate"],
  ["model.layers.0.units", "model.layers.0.units"],
  ["../../etc/passwd", "_2e_._2f_.._2f_etc_2f_passwd"],
  ["..", "_2e__2e_"],
  [".", "_2e_"],
  ["", "_"],
  ["C:\\x", "C_3a__5c_x"],
  ["nul", "_nul"],
  ["\u{1f600}", "_1f600_"],
])("%j is the file %j", (name, file) => {
  expect(fileName(name)).toBe(file);
});

test("names stay apart, and each is one that MLflow takes", () => {
  const params = { "a/b": 1, a_2f_b: 2, A_2F_B: 3, ["x".repeat(400)]: 4, ["x".repeat(401)]: 5 };
  const files = trialFiles(store, { ...record, params });
  const own = files.filter(({ path }) => path[2] === "params").map(({ path }) => path[3]);
  expect(new Set(own.map((name) => name.toLowerCase())).size).toBe(5);
  for (const { path } of files) {
    for (const part of path) {
      expect(part).toMatch(MLFLOW_NAME);
      expect(part).not.toContain("/");
      expect(part.length).toBeLessThan(250);
    }
  }
  const tag = files.find(({ path }) => path[3] === "clab.name.a_2f_b");
  expect(tag?.content).toBe("a/b");
});
