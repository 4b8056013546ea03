// The products of a dense layer for an adapter whose subgroups are four invocations wide, which is
// SwiftShader's way of using a core's vector unit. The four share a tile: what all of them need is
// loaded once, a quarter by each, and handed round with `subgroupBroadcast`. The sums run in the
// order of the plain version.
//
// On SwiftShader it does 1.1 to 1.2 times the model-steps of register tiles (bench/run.mjs
// kernel-plans): the loads are no longer what takes the time.
//
// A product whose batch or units do not divide among four invocations is left to the register tiles.

import { openNetwork } from "../../network-memory.wgsl.ts";
import type { DensePasses, DenseSite } from "../dense-passes.ts";
import { biasGradient } from "../dense-plain.wgsl.ts";
import type { Phase } from "../phase.ts";
import { denseTiled, each, storeInLoop } from "./dense-tiled.wgsl.ts";

/** Invocations of a subgroup. Consecutive lanes are one, whatever the workgroup's size. */
const LANES = 4;

const tiled = denseTiled({ edge: 2, isStoredInLoop: true });

/** What the module declares for it: `at` is uniform, but no compiler can know that. */
export const broadcastDirectives = /* wgsl */ `enable subgroups;
diagnostic(off, subgroup_uniformity);
`;

export const denseBroadcast: DensePasses = { forward, inputGradient, parameterGradient };

function forward(site: DenseSite): Phase {
  const { inputs, unitBlocks, batchBlocks } = site;
  if (batchBlocks % LANES !== 0) return tiled.forward(site);
  const unitEdge = edge(unitBlocks);
  const batchEdge = edge(batchBlocks / LANES);
  const sum = (j: number, b: number) => `z${j}_${b}`;
  /** Up to four inputs; the kernel rows of all are in the four invocations' `w`. */
  const quad = (count: number) => `
${each(unitEdge, (u) => `      let w${u} = (*parameters)[w + member * ${unitBlocks}u + ${u}u];`)}
${each(
  count,
  (i) => `      {
${each(unitEdge, (u) => `        let w${u} = subgroupBroadcast(w${u}, ${i}u);`)}
${each(batchEdge, (b) => `        let x${b} = (*values)[x + ${i * batchBlocks + b}u];`)}
${each(4 * unitEdge, (j) => each(batchEdge, (b) => `        ${sum(j, b)} = fma(x${b}, vec4f(w${j >> 2}[${j & 3}]), ${sum(j, b)});`))}
      }`,
)}`;
  const tiles = (unitBlocks / unitEdge) * (batchBlocks / batchEdge / LANES);
  const source = /* wgsl */ `
fn ${site.name("forward")}(lane: u32) {${openNetwork}
  let training = at.isTraining;
  let activeBlocks = at.activeBlocks;
  let member = lane % ${LANES}u;
  for (var tile = lane / ${LANES}u; tile < ${tiles}u; tile += ${site.lanes} / ${LANES}u) {
    let unitBlock = tile / ${batchBlocks / batchEdge / LANES}u * ${unitEdge}u;
    let firstBlock = tile % ${batchBlocks / batchEdge / LANES}u * ${batchEdge * LANES}u;
    if (firstBlock >= activeBlocks) { continue; }
    let block = firstBlock + member * ${batchEdge}u;
${each(unitEdge, (u) => `    let bias${u} = ${site.bias === null ? "vec4f()" : `(*parameters)[${site.bias(`unitBlock + ${u}u`)}]`};`)}
${each(4 * unitEdge, (j) => each(batchEdge, (b) => `    var ${sum(j, b)} = vec4f(bias${j >> 2}[${j & 3}]);`))}
    var x = ${site.input("0u", "block")};
    var w = ${site.kernel("0u", "unitBlock")};
    for (var i = 0u; i < ${Math.floor(inputs / 4)}u; i++) {${quad(4)}
      x += ${4 * batchBlocks}u;
      w += ${4 * unitBlocks}u;
    }
${inputs % 4 === 0 ? "" : `    {${quad(inputs % 4)}\n    }`}
    if (block < activeBlocks) {
${storeInLoop(4 * unitEdge, batchEdge, sum, (j, b, z) => site.finish(`(4u * unitBlock + ${j})`, `(block + ${b})`, z))}
    }
  }
}
`;
  return { name: site.name("forward"), when: "always", items: LANES * tiles, source };
}

function inputGradient(site: DenseSite): Phase {
  const { inputBlocks, unitBlocks, batchBlocks } = site;
  if (batchBlocks % LANES !== 0) return tiled.inputGradient(site);
  const inputEdge = edge(inputBlocks);
  const batchEdge = edge(batchBlocks / LANES);
  const sum = (i: number, b: number) => `d${i}_${b}`;
  const tiles = (inputBlocks / inputEdge) * (batchBlocks / batchEdge / LANES);
  const source = /* wgsl */ `
fn ${site.name("inputGradient")}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  let member = lane % ${LANES}u;
  for (var tile = lane / ${LANES}u; tile < ${tiles}u; tile += ${site.lanes} / ${LANES}u) {
    let i = tile / ${batchBlocks / batchEdge / LANES}u * ${4 * inputEdge}u;
    let firstBlock = tile % ${batchBlocks / batchEdge / LANES}u * ${batchEdge * LANES}u;
    if (firstBlock >= activeBlocks) { continue; }
    let block = firstBlock + member * ${batchEdge}u;
${each(4 * inputEdge, (i) => each(batchEdge, (b) => `    var ${sum(i, b)} = vec4f();`))}
    var g = ${site.gradient("0u", "block")};
    var w = ${site.kernel("i + member", "0u")};
    for (var unitBlock = 0u; unitBlock < ${unitBlocks}u; unitBlock++) {
${each(4, (j) => each(batchEdge, (b) => `      let g${j}_${b} = (*values)[g + ${j * batchBlocks + b}u];`))}
${each(inputEdge, (q) => `      let w${q} = (*parameters)[w + ${4 * q * unitBlocks}u];`)}
${each(
  4 * inputEdge,
  (i) => `      {
        let row = subgroupBroadcast(w${i >> 2}, ${i & 3}u);
${each(batchEdge, (b) => each(4, (j) => `        ${sum(i, b)} = fma(g${j}_${b}, vec4f(row[${j}]), ${sum(i, b)});`))}
      }`,
)}
      g += ${4 * batchBlocks}u;
      w++;
    }
    if (block < activeBlocks) {
${storeInLoop(4 * inputEdge, batchEdge, sum, (r, b, d) => site.finishInputGradient(`(i + ${r})`, `(block + ${b})`, d))}
    }
  }
}
`;
  return { name: site.name("inputGradient"), when: "training", items: LANES * tiles, source };
}

function parameterGradient(site: DenseSite): Phase {
  const { inputBlocks, unitBlocks, batchBlocks } = site;
  if (unitBlocks % LANES !== 0) return tiled.parameterGradient(site);
  const inputEdge = edge(inputBlocks);
  const unitEdge = edge(unitBlocks / LANES);
  const sum = (i: number, u: number) => `d${i}_${u}`;
  /** dPreActivation of one sample of the block, for the four units of a unit block. */
  const sampleOf = (u: number, c: number) =>
    `vec4f(${[0, 1, 2, 3].map((j) => `g${4 * u + j}[${c}]`).join(", ")})`;
  const tiles = (inputBlocks / inputEdge) * (unitBlocks / unitEdge / LANES);
  const source = /* wgsl */ `
fn ${site.name("parameterGradient")}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  let member = lane % ${LANES}u;
  for (var tile = lane / ${LANES}u; tile < ${tiles}u; tile += ${site.lanes} / ${LANES}u) {
    let i = tile / ${unitBlocks / unitEdge / LANES}u * ${4 * inputEdge}u;
    let unitBlock = (tile % ${unitBlocks / unitEdge / LANES}u * ${LANES}u + member) * ${unitEdge}u;
${each(4 * inputEdge, (i) => each(unitEdge, (u) => `    var ${sum(i, u)} = vec4f();`))}
    var x = ${site.input("i + member", "0u")};
    var g = ${site.gradient("4u * unitBlock", "0u")};
    for (var block = 0u; block < activeBlocks; block++) {
${each(4 * unitEdge, (j) => `      let g${j} = (*values)[g + ${j * batchBlocks}u];`)}
${each(unitEdge, (u) => each(4, (c) => `      let s${c}_${u} = ${sampleOf(u, c)};`))}
${each(inputEdge, (q) => `      let x${q} = (*values)[x + ${4 * q * batchBlocks}u];`)}
${each(
  4 * inputEdge,
  (i) => `      {
        let row = subgroupBroadcast(x${i >> 2}, ${i & 3}u);
${each(unitEdge, (u) => each(4, (c) => `        ${sum(i, u)} = fma(vec4f(row[${c}]), s${c}_${u}, ${sum(i, u)});`))}
      }`,
)}
      x++;
      g++;
    }
${storeInLoop(4 * inputEdge, unitEdge, sum, (r, u, d) => site.finishKernelGradient(`(i + ${r})`, `(unitBlock + ${u})`, d))}
  }
${biasGradient(site)}}
`;
  return { name: site.name("parameterGradient"), when: "training", items: LANES * tiles, source };
}

/** Edges in blocks of four; they divide the matrix, so no tile hangs over. */
function edge(count: number): number {
  return count % 2 === 0 ? 2 : 1;
}
