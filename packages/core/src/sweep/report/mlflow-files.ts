// Trials as the files of MLflow's file store, which MLflow and what reads its folders take as they
// are: mlruns/<experiment>/meta.yaml and <run>/{meta.yaml, metrics, params, tags}. Names, fields and
// limits are those of mlflow/store/tracking/file_store.py and mlflow/utils/validation.py.
//
// An experiment is a sweep and a run is a trial. Nothing here touches a file.

import { plainText } from "../../report/plain-text.ts";
import { contentHash } from "../../shared/content-hash.ts";
import { mean, sampleSd } from "../../shared/statistics.ts";
import { METRICS } from "../../spec/metrics.ts";
import { sweepHash } from "../parse-sweep.ts";
import type { Sweep } from "../sweep.ts";
import type { TrialCurve } from "../trial-curve.ts";
import type { TrialRecord } from "../trial-record.ts";

export interface NamedFile {
  /** Its parts below the store; each is a name that every file system takes. */
  readonly path: readonly string[];
  readonly content: string;
}

export interface MlflowSweep {
  readonly sweep: Sweep;
  readonly name: string;
  /** Of the store, without a slash at its end: file:///home/me/mlruns. */
  readonly uri: string;
  /** Milliseconds since 1970; records know no time. */
  readonly time: number;
}

/** Which `RunStatus` and `SourceType` a number is. */
const FINISHED = 3;
const LOCAL = 4;

/** Values of parameters are cut to what every version of MLflow takes; of tags to its 5,000. */
const MOST_PARAM = 250;
const MOST_TAG = 5000;

/** Once for a sweep. */
export function experimentFile({ sweep, name, uri, time }: MlflowSweep): NamedFile {
  const id = experimentId(sweep);
  const meta = {
    artifact_location: `${uri}/${id}`,
    creation_time: time,
    experiment_id: id,
    last_update_time: time,
    lifecycle_stage: "active",
    name: plainText(name),
  };
  return { path: [id, "meta.yaml"], content: yaml(meta) };
}

/** Of one trial, with its curve where there is one. The same trial of another sweep is another run, as MLflow asks for. */
export function trialFiles(
  store: MlflowSweep,
  record: TrialRecord,
  curve?: TrialCurve,
): NamedFile[] {
  const { sweep, uri, time } = store;
  const experiment = experimentId(sweep);
  const run = contentHash({ sweep: sweepHash(sweep), trial: record.id }).slice(0, 32);
  const runName = `trial-${record.index}`;
  const meta = {
    artifact_uri: `${uri}/${experiment}/${run}/artifacts`,
    end_time: time,
    entry_point_name: "",
    experiment_id: experiment,
    lifecycle_stage: "active",
    run_id: run,
    run_name: runName,
    run_uuid: run,
    source_name: "",
    source_type: LOCAL,
    source_version: "",
    start_time: time,
    status: FINISHED,
    tags: [],
    user_id: "",
  };
  const params = namedParams(record.params);
  const tags = {
    "mlflow.runName": runName,
    "clab.trial": String(record.index),
    "clab.id": record.id,
    "clab.state": record.state,
    "clab.engine": record.engine,
    "clab.adapter": record.adapter,
    ...Object.fromEntries(
      params
        .filter(({ name, file }) => name !== file)
        .map(({ name, file }) => [`clab.name.${file}`, name]),
    ),
  };
  const inFolder = (folder: string, name: string, content: string): NamedFile => ({
    path: [experiment, run, folder, name],
    content,
  });
  return [
    { path: [experiment, run, "meta.yaml"], content: yaml(meta) },
    ...params.map(({ file, value }) => inFolder("params", file, line(value, MOST_PARAM))),
    ...Object.entries(tags).map(([name, value]) => inFolder("tags", name, line(value, MOST_TAG))),
    ...metricsOf(record).map(([name, value]) =>
      inFolder("metrics", name, `${time} ${value} ${record.epochs}\n`),
    ),
    ...mediansOf(curve).map(([name, steps]) =>
      inFolder(
        "metrics",
        name,
        steps.map(([epoch, value]) => `${time} ${value} ${epoch}\n`).join(""),
      ),
    ),
  ];
}

/** 18 digits, as MLflow makes its own. */
function experimentId(sweep: Sweep): string {
  const digits = BigInt(`0x${sweepHash(sweep).slice(0, 16)}`) % 10n ** 18n;
  return String(digits).padStart(18, "0");
}

/** Of every metric that all networks have: their mean, and their standard deviation where there are several. */
function metricsOf({ runs }: TrialRecord): [name: string, value: number][] {
  return METRICS.flatMap((metric) => {
    const values = runs.map(({ final }) => final[metric]);
    if (!values.every((value) => typeof value === "number")) return [];
    const several: [string, number][] =
      values.length > 1 ? [[`${metric}.sd`, tidy(sampleSd(values))]] : [];
    return [[metric, tidy(mean(values))], ...several];
  });
}

/** "valLoss.median" with its kept epochs, which MLflow draws as a curve; gaps are left out. */
function mediansOf(
  curve: TrialCurve | undefined,
): [name: string, steps: [epoch: number, value: number][]][] {
  return METRICS.flatMap((metric) => {
    const values = curve?.medians[metric] ?? [];
    const steps = values.flatMap((value, i): [number, number][] =>
      value === null ? [] : [[curve!.epochs[i], value]],
    );
    return steps.length === 0 ? [] : [[`${metric}.median`, steps]];
  });
}

/** As a record's value: sums of decimal numbers end in digits that say nothing. */
function tidy(value: number): number {
  return Number(value.toPrecision(9));
}

/** Each parameter with the name of its file, no two alike. */
function namedParams(params: Readonly<Record<string, unknown>>) {
  const taken = new Set<string>();
  return Object.entries(params).map(([name, value]) => {
    let file = fileName(name);
    // Names that differ in letters' case alone are one file on some systems.
    for (let next = 2; taken.has(file.toLowerCase()); next++) file = `${fileName(name)}-${next}`;
    taken.add(file.toLowerCase());
    return { name, file, value: typeof value === "string" ? value : JSON.stringify(value) };
  });
}

/** Names that are longer lose their end; file systems take 255 bytes. */
const MOST_NAME = 200;

/**
 * A name as MLflow and every file system take it: letters, digits, points, dashes, blanks and
 * underscores inside; any other character is its code between underscores, so that no name leads
 * out of its folder or is hidden.
 */
export function fileName(name: string): string {
  const coded = (character: string) => `_${character.codePointAt(0)!.toString(16)}_`;
  const safe = name
    .replace(/[^A-Za-z0-9_.\- ]/gu, coded)
    .replace(/^[. ]|[. ]$/g, coded)
    // What Windows keeps for devices.
    .replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, "_$1");
  if (safe === "") return "_";
  if (safe.length <= MOST_NAME) return safe;
  return `${safe.slice(0, MOST_NAME)}-${contentHash(name).slice(0, 16)}`;
}

function line(value: string, most: number): string {
  return [...plainText(value)].slice(0, most).join("");
}

/** JSON's strings, numbers and lists are YAML's. */
function yaml(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join("");
}
