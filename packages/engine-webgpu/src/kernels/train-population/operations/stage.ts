// An operation between dense layers as phases, and what those may refer to. Each kind is a file of
// this folder. Stages touch real units only, so padding stays 0.

import type { ParameterTensor } from "@convergence-lab/core";
import { openNetwork } from "../../network-memory.wgsl.ts";
import { forEachItem, type Phase } from "../phase.ts";

export interface StagePhases {
  readonly forward: readonly Phase[];
  /** From dOutput to dInput, in place, with the gradients of the operation's own parameters. */
  readonly backward: readonly Phase[];
  /** After the update. */
  readonly commit?: readonly Phase[];
}

/** One operation of one kernel. Functions take WGSL expressions and give places in memory. */
export interface StageSite {
  readonly units: number;
  readonly unitBlocks: number;
  readonly batchBlocks: number;
  /** Number of cooperating lanes, a WGSL expression. */
  readonly lanes: string;
  /** Name of a phase of this operation. */
  name(pass: string): string;
  input(unit: string, block: string): string;
  output(unit: string, block: string): string;
  gradient(unit: string, block: string): string;
  /** Two per four units, or per four samples. */
  moment(index: string): string;
  /** Four units of a tensor, and of its gradient; null without one. */
  parameter(kind: ParameterTensor["kind"], unitBlock: string): string | null;
  parameterGradient(kind: ParameterTensor["kind"], unitBlock: string): string | null;
  /** The operation's numbers: an expression that gives four. */
  readonly numbers: string;
  /** Its position among all operations, an expression. */
  readonly position: string;
}

/** A phase over all `unit` and `block`, four samples each. */
export function valuePhase(
  { units, batchBlocks, lanes, name }: StageSite,
  pass: string,
  when: Phase["when"],
  lets: string,
  body: string,
): Phase {
  const items = units * batchBlocks;
  return {
    name: name(pass),
    when,
    items,
    source: /* wgsl */ `
fn ${name(pass)}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
${lets}
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    let unit = item / ${batchBlocks}u;
    let block = item % ${batchBlocks}u;
    if (block >= activeBlocks) { continue; }
${body}`,
)}
}
`,
  };
}

/** A phase over blocks of four units. */
export function unitPhase(
  { unitBlocks, lanes, name }: StageSite,
  pass: string,
  when: Phase["when"],
  body: string,
): Phase {
  return {
    name: name(pass),
    when,
    items: unitBlocks,
    source: /* wgsl */ `
fn ${name(pass)}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  for (var unitBlock = lane; unitBlock < ${unitBlocks}u; unitBlock += ${lanes}) {
${body}
  }
}
`,
  };
}

/** WGSL over the real units of `unitBlock`: `c` within it, `unit` in the layer. */
export function forEachUnit({ units }: StageSite, body: string): string {
  return /* wgsl */ `    for (var c = 0u; c < min(4u, ${units}u - 4u * unitBlock); c++) {
      let unit = 4u * unitBlock + c;
${body}
    }`;
}

/** A phase over blocks of four samples. */
export function samplePhase(
  { batchBlocks, lanes, name }: StageSite,
  pass: string,
  when: Phase["when"],
  body: string,
): Phase {
  return {
    name: name(pass),
    when,
    items: batchBlocks,
    source: /* wgsl */ `
fn ${name(pass)}(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
${body}
  }
}
`,
  };
}
