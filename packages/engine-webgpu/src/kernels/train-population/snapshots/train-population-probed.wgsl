struct Dispatch {
  /** Batches that each network goes on by. */
  batches: u32,
  /** Epochs that the ring of curves holds per network. */
  ringEpochs: u32,
  /** Of the list behind. */
  networks: u32,
  /** The network of each workgroup: those that still train, four to an entry. */
  alive: array<vec4u, 4095>,
}

struct LayerNumbers {
  // L1 and L2 each.
  kernelPenalty: vec2f,
  biasPenalty: vec2f,
  activityPenalty: vec2f,
  /** Slope or scale of the activation. */
  alpha: f32,
  /** Where the flat part of the block's first activation begins. */
  flatBelow: f32,
}

struct Network {
  seed: u32,
  epochs: u32,
  trainRows: u32,
  testRows: u32,
  trainInputs: u32,
  trainLabels: u32,
  testInputs: u32,
  testLabels: u32,
  trainWeights: u32,
  testWeights: u32,
  firstLearningRate: u32,
  lastLearningRate: u32,
  firstCorrection: u32,
  lastCorrection: u32,
  momentum: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
  weightDecay: f32,
  clip: f32,
  gamma: f32,
  focalAlpha: f32,
  labelSmoothing: f32,
  stoppingMonitor: u32,
  stoppingPatience: u32,
  stoppingMinDelta: f32,
  plateauMonitor: u32,
  plateauPatience: u32,
  plateauCooldown: u32,
  plateauMinDelta: f32,
  plateauFactor: f32,
  plateauMinLearningRate: f32,
  everySteps: u32,
  everyEpochs: u32,
  ringCounts: u32,
  ringSteps: u32,

  layers: array<LayerNumbers, 2>,

}

struct Progress {
  epoch: u32,
  /** Within the epoch; those of the test part follow those of the training part. */
  batch: u32,
  step: u32,
  status: u32,
  /** Sums over the samples of the epoch so far. */
  trainLoss: f32,
  trainCorrect: u32,
  testLoss: f32,
  testCorrect: u32,
  // Callbacks, from the end of the first epoch on.
  /** What the planned learning rate is multiplied by. */
  rateFactor: f32,
  plateauBest: f32,
  plateauWait: u32,
  plateauCooldown: u32,
  stoppingBest: f32,
  stoppingWait: u32,
  /** Of the epoch that has just ended. */
  isBest: u32,
  stops: u32,
}

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> networks: array<Network>;
@group(0) @binding(2) var<storage, read> data: array<vec4f>;
@group(0) @binding(3) var<storage, read> rates: array<f32>;
@group(0) @binding(4) var<storage, read_write> populationParameters: array<array<vec4f, 141>>;
@group(0) @binding(5) var<storage, read_write> progress: array<Progress>;
/** Loss, accuracy, validation loss, validation accuracy of each epoch. */
@group(0) @binding(6) var<storage, read_write> curves: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> populationValues: array<array<vec4f, 250>>;

@group(0) @binding(9) var<storage, read_write> probes: array<u32>;

var<private> networkIndex: u32;
/** Where this workgroup's values lie: in workgroup memory there are no others. */
var<private> valueSlot: u32;

/** The batch that a network is at. */
struct Batch {
  epoch: u32,
  step: u32,
  isTraining: bool,
  isFirstOfEpoch: bool,
  isLastOfEpoch: bool,
  /** Whether the signals of this step are asked for. */
  isProbed: bool,
  /** The training part once more, to see what the network has become. */
  isInference: bool,
  /** Rows of its part, its first among them, and its number. */
  partRows: u32,
  first: u32,
  rows: u32,
  /** Tiles are up to two blocks wide; what the rows do not fill has weight 0. */
  activeBlocks: u32,
}
var<private> at: Batch;

/** From the first words of a network's progress. */
fn batchAt(index: u32, now: vec4u) -> Batch {
  let trainRows = networks[index].trainRows;
  let testRows = networks[index].testRows;
  let trainBatches = (trainRows + 6u) / 7u;
  let testBatches = (testRows + 6u) / 7u;
  let batch = now.y;
  let isTraining = batch < trainBatches;
  let isInference = batch >= trainBatches + testBatches;
  let partRows = select(testRows, trainRows, isTraining || isInference);
  let first = 7u * select(select(batch - trainBatches, batch, isTraining), batch - trainBatches - testBatches, isInference);
  let rows = min(7u, partRows - first);
  let activeBlocks = min((rows + 7u) / 8u * 2u, 2u);
  let isLastOfEpoch = batch + 1u == trainBatches + testBatches + trainBatches;
  let isProbed = isTraining && now.z % networks[index].everySteps == 0u;
  return Batch(now.x, now.z, isTraining, batch == 0u, isLastOfEpoch, isProbed, isInference, partRows, first, rows, activeBlocks);
}

// How far the tensors of a repeated layer lie behind those of the first.
var<private> repeated: u32;
var<private> parameterOffset: u32;
var<private> valueOffset: u32;

fn moveTo(repetition: u32, parameterStride: u32, valueStride: u32) {
  repeated = repetition;
  parameterOffset = repetition * parameterStride;
  valueOffset = repetition * valueStride;
}

/** Which of a block's four samples the batch has. */
fn isInBatch(block: u32) -> vec4<bool> {
  return vec4u(4u * block) + vec4u(0u, 1u, 2u, 3u) < vec4u(at.rows);
}

fn sumOfFour(x: vec4f) -> f32 { return (x.x + x.y) + (x.z + x.w); }

var<workgroup> place: vec4u;

/** Threefry-2x32, 20 rounds. */
fn threefry2x32(key: vec2u, counter: vec2u) -> vec2u {
  var keys = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
  var rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var x = counter + key;
  for (var block = 0u; block < 5u; block++) {
    for (var round = 0u; round < 4u; round++) {
      let rotation = rotations[(block % 2u) * 4u + round];
      x.x += x.y;
      x.y = ((x.y << rotation) | (x.y >> (32u - rotation))) ^ x.x;
    }
    x.x += keys[(block + 1u) % 3u];
    x.y += keys[(block + 2u) % 3u] + block + 1u;
  }
  return x;
}

/** Pivot, already reduced modulo count, and swap key of one round of an epoch's permutation. */
fn permutationKey(seed: u32, epoch: u32, count: u32, round: u32) -> vec2u {
  let words = threefry2x32(vec2u(seed, 8192u), vec2u(round, epoch));
  return vec2u(words.x % count, words.y);
}

fn hash32(value: vec4u) -> vec4u {
  var h = value;
  h = (h ^ (h >> vec4u(16u))) * 0x7feb352du;
  h = (h ^ (h >> vec4u(15u))) * 0x846ca68bu;
  return h ^ (h >> vec4u(16u));
}

/** One of the 16 rounds of swap-or-not, on four indices below count. */
fn swapOrNot(key: vec2u, index: vec4u, count: u32) -> vec4u {
  let pivot = vec4u(key.x);
  let partner = select(pivot + count - index, pivot - index, pivot >= index);
  let bit = hash32(max(index, partner) ^ vec4u(key.y)) & vec4u(1u);
  return select(index, partner, bit == vec4u(1u));
}

/** e^x - 1 for x <= 0. The polynomial holds to half of log 2, where exp(x) - 1 starts to cancel. */
fn expm1NonPositive(x: vec4f) -> vec4f {
  let p = 0.49999994 + x * (0.166665152 + x * (0.041668456 + x * (0.00836941879 + x * 0.00138131448)));
  return select(exp(x) - 1.0, x + x * x * p, x > vec4f(-0.34657359));
}

/** log(1 + x) for 0 <= x <= 1, as the logarithm of (1 + s) / (1 - s). */
fn log1pUnit(x: vec4f) -> vec4f {
  let s = x / (2.0 + x);
  let q = s * s;
  let p = 0.666664183 + q * (0.400215268 + q * (0.280018061 + q * 0.280119866));
  return 2.0 * s + s * q * p;
}

/** log x of normal positive numbers: the mantissa lies in [sqrt(1/2), sqrt 2), the exponent takes the rest. */
fn logarithm(x: vec4f) -> vec4f {
  let bits = bitcast<vec4i>(x) - 0x3f3504f3;
  let exponent = bits >> vec4u(23u);
  let f = bitcast<vec4f>(bitcast<vec4i>(x) - (exponent << vec4u(23u))) - 1.0;
  let s = f / (2.0 + f);
  let q = s * s;
  let p = 0.666664183 + q * (0.400215268 + q * (0.280018061 + q * 0.280119866));
  let n = vec4f(exponent);
  return select(n * 0.693145752 + (n * 1.42860677e-6 + (2.0 * s + s * q * p)), x, isNotFinite(x));
}

/** x^n for x >= 0; 0^0 is 1. */
fn power(x: vec4f, n: f32) -> vec4f {
  let zero = select(0.0, 1.0, n == 0.0);
  return select(exp(n * logarithm(max(x, vec4f(1.2e-38)))), vec4f(zero), x <= vec4f());
}

fn sigmoid(x: vec4f) -> vec4f {
  let e = exp(-abs(x));
  return select(vec4f(1.0), e, x < vec4f()) / (1.0 + e);
}

fn softplus(x: vec4f) -> vec4f {
  return max(x, vec4f()) + log1pUnit(exp(-abs(x)));
}

fn hyperbolicTangent(x: vec4f) -> vec4f {
  let q = x * x;
  let p = -0.333332807 + q * (0.133314416 + q * (-0.0537397154 + q * (0.0206390861 - q * 0.0057049864)));
  let e = exp(-2.0 * abs(x));
  return select(sign(x) * (1.0 - e) / (1.0 + e), x + x * q * p, abs(x) < vec4f(0.625));
}

/** 2 sqrt(2 / pi) (x + 0.044715 x^3); beyond 30 its sigmoid is 0 or 1, and a cube could overflow. */
fn geluInner(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-30.0), vec4f(30.0));
  return 1.5957691216 * (c + 0.044715 * c * c * c);
}

/** Beyond 14 standard deviations the density is 0 in float32, and a square could overflow. */
fn normalDensity(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-14.0), vec4f(14.0));
  return 0.39894228 * exp(-0.5 * c * c);
}

/** The standard normal distribution function: erfc(t) exp(t^2) = q P(q), q = 1 / (1 + t / 2). */
fn normalDistribution(x: vec4f) -> vec4f {
  let c = clamp(x, vec4f(-14.0), vec4f(14.0));
  let q = 1.0 / (1.0 + 0.353553391 * abs(c));
  var p = vec4f(-0.0592772998);
  p = p * q + 0.285592467;
  p = p * q - 0.489308834;
  p = p * q + 0.280482054;
  p = p * q - 0.0282905381;
  p = p * q + 0.203391686;
  p = p * q + 0.242925584;
  p = p * q + 0.282399803;
  p = p * q + 0.282085031;
  let tail = 0.5 * p * q * exp(-0.5 * c * c);
  return select(1.0 - tail, tail, c < vec4f());
}

/** Exponent bits, because a shader may assume that no number is NaN or infinite. */
fn isNotFinite(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7f800000u)) == vec4u(0x7f800000u);
}

fn activate_tanh(z: vec4f) -> vec4f { return hyperbolicTangent(z); }
fn slope_tanh(a: vec4f) -> vec4f { return 1.0 - a * a; }

fn activate_sigmoid(z: vec4f) -> vec4f { return sigmoid(z); }
fn slope_sigmoid(a: vec4f) -> vec4f { return a * (1.0 - a); }

/** First word of a network's probes. */
fn probesOfNetwork() -> u32 {
  let settings = &networks[networkIndex];
  return networkIndex * (4u + dispatch.ringEpochs * 8u
    + (1u + (*settings).ringCounts) * 8u + (*settings).ringSteps * 26u);
}

fn placeOfEpoch() -> u32 {
  return probesOfNetwork() + 4u + at.epoch % dispatch.ringEpochs * 8u;
}

fn placeOfCounts() -> u32 {
  let every = networks[networkIndex].everyEpochs;
  let isKept = (at.epoch + 1u) % every == 0u;
  let entry = select(0u, 1u + ((at.epoch + 1u) / every - 1u) % networks[networkIndex].ringCounts, isKept);
  return probesOfNetwork() + 4u + dispatch.ringEpochs * 8u + entry * 8u;
}

fn placeOfStep() -> u32 {
  let settings = &networks[networkIndex];
  return probesOfNetwork() + 4u + dispatch.ringEpochs * 8u + (1u + (*settings).ringCounts) * 8u
    + at.step / (*settings).everySteps % (*settings).ringSteps * 26u;
}

/** A number as it is kept; NaN where it comes from one that is not finite. */
fn kept(x: f32, isBad: bool) -> u32 { return select(bitcast<u32>(x), 0x7fc00000u, isBad); }

struct RangeResult {
  /** Of its finite numbers. */
  largest: f32,
  norm: f32,
  zeros: f32,
  /** Whether one is not finite. */
  isBad: bool,
}

fn resultOf(range: u32) -> RangeResult {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  // Largest, squares, zeros, and how many parts have a number that is not finite.
  var joined = vec4f();
  for (var part = 0u; part < 16u; part++) {
    let one = (*values)[72u + range * 16u + part];
    joined = vec4f(max(joined.x, one.x), joined.yzw + one.yzw);
  }
  return RangeResult(joined.x, joined.x * sqrt(joined.y), joined.z, joined.w > 0.0);
}

struct ProbedLayer {
  inputs: u32,
  units: u32,
  unitBlocks: u32,
  // In parameters.
  kernel: u32,
  bias: u32,
  // In values: what the product reads, its gradient, and the activation's input and output.
  input: u32,
  gradient: u32,
  z: u32,
  a: u32,
  /** What tells as well as z whether a unit is on a flat part. */
  flat: u32,
  sides: u32,
  /** Whether the loss passes the activation by. */
  isPassed: u32,
  /** Blocks of units of the layers before. */
  firstItem: u32,
}
/** For a layer without a bias, and where z is not kept. */
const NONE = 0xffffffffu;
var<private> probedLayers = array<ProbedLayer, 2>(
  ProbedLayer(5u, 6u, 2u, 0u, 16u, 0u, 32u, NONE, 16u, NONE, 2u, 0u, 0u),
  ProbedLayer(6u, 1u, 1u, 18u, 26u, 16u, 56u, 48u, 64u, 48u, 2u, 1u, 2u),
);

/** The layer's pre-activation at `place`, or computed once more. */
fn preActivation(layer: ProbedLayer, place: u32, unit: u32, block: u32) -> vec4f {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (place != NONE) { return (*values)[place + unit * 2u + block]; }
  var z = vec4f();
  if (layer.bias != NONE) { z = vec4f((*parameters)[layer.bias + unit / 4u][unit % 4u]); }
  for (var i = 0u; i < layer.inputs; i++) {
    z += (*values)[layer.input + i * 2u + block] * (*parameters)[layer.kernel + i * layer.unitBlocks + unit / 4u][unit % 4u];
  }
  return z;
}

fn drawPermutation(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 16u; item += 4u) {
    let key = permutationKey(networks[networkIndex].seed, at.epoch, networks[networkIndex].trainRows, item);
    (*values)[212u + item] = vec4f(vec3u(key.x, key.y >> 16u, key.y & 0xffffu).xyzz);
  }
}

/** Samples beyond the part repeat its last row. */
fn chooseRows(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var block = lane; block < at.activeBlocks; block += 4u) {
    var row = min(vec4u(at.first + 4u * block) + vec4u(0u, 1u, 2u, 3u), vec4u(at.partRows - 1u));
    if (at.isTraining) {
      for (var round = 0u; round < 16u; round++) {
        let key = vec4u((*values)[212u + round]);
        row = swapOrNot(vec2u(key.x, (key.y << 16u) | key.z), row, at.partRows);
      }
    }
    (*values)[228u + block] = vec4f(row);
  }
}

fn loadBatch(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let inputs = select(networks[networkIndex].testInputs, networks[networkIndex].trainInputs, at.isTraining || at.isInference);
  let labels = select(networks[networkIndex].testLabels, networks[networkIndex].trainLabels, at.isTraining || at.isInference);
  for (var item = lane; item < 6u; item += 4u) {
    let feature = item / 2u;
    let block = item % 2u;
    if (block >= at.activeBlocks) { continue; }
    let valid = isInBatch(block);
    let row = vec4u((*values)[228u + block]);
    if (feature == 2u) {
      let label = vec4f(
        data[labels + row.x / 4u][row.x % 4u],
        data[labels + row.y / 4u][row.y % 4u],
        data[labels + row.z / 4u][row.z % 4u],
        data[labels + row.w / 4u][row.w % 4u],
      );
      (*values)[210u + block] = label;
    } else {
      let place = vec4u(inputs) + row * 2u + feature;
      let a = select(vec4f(), data[place.x], valid.x);
      let b = select(vec4f(), data[place.y], valid.y);
      let c = select(vec4f(), data[place.z], valid.z);
      let d = select(vec4f(), data[place.w], valid.w);
      let to = 0u + feature * 8u + block;
      (*values)[to + 0u] = vec4f(a.x, b.x, c.x, d.x);
      (*values)[to + 2u] = vec4f(a.y, b.y, c.y, d.y);
      (*values)[to + 4u] = vec4f(a.z, b.z, c.z, d.z);
      (*values)[to + 6u] = vec4f(a.w, b.w, c.w, d.w);
    }
  }
}

fn forward0(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let training = at.isTraining;
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < 1u; tile += 4u) {
    let unitBlock = tile / 1u * 2u;
    let block = tile % 1u * 2u;
    if (block >= activeBlocks) { continue; }
    let bias0 = (*parameters)[16u + unitBlock + 0u];
    let bias1 = (*parameters)[16u + unitBlock + 1u];
    var z0_0 = vec4f(bias0[0]);
    var z0_1 = vec4f(bias0[0]);
    var z1_0 = vec4f(bias0[1]);
    var z1_1 = vec4f(bias0[1]);
    var z2_0 = vec4f(bias0[2]);
    var z2_1 = vec4f(bias0[2]);
    var z3_0 = vec4f(bias0[3]);
    var z3_1 = vec4f(bias0[3]);
    var z4_0 = vec4f(bias1[0]);
    var z4_1 = vec4f(bias1[0]);
    var z5_0 = vec4f(bias1[1]);
    var z5_1 = vec4f(bias1[1]);
    var z6_0 = vec4f(bias1[2]);
    var z6_1 = vec4f(bias1[2]);
    var z7_0 = vec4f(bias1[3]);
    var z7_1 = vec4f(bias1[3]);
    var x = 0u + (0u) * 2u + block;
    var w = 0u + (0u) * 2u + unitBlock;
    for (var i = 0u; i < 5u; i++) {
      let x0 = (*values)[x + 0u];
      let x1 = (*values)[x + 1u];
      let w0 = (*parameters)[w + 0u];
      let w1 = (*parameters)[w + 1u];
      z0_0 = fma(x0, vec4f(w0[0]), z0_0);
      z0_1 = fma(x1, vec4f(w0[0]), z0_1);
      z1_0 = fma(x0, vec4f(w0[1]), z1_0);
      z1_1 = fma(x1, vec4f(w0[1]), z1_1);
      z2_0 = fma(x0, vec4f(w0[2]), z2_0);
      z2_1 = fma(x1, vec4f(w0[2]), z2_1);
      z3_0 = fma(x0, vec4f(w0[3]), z3_0);
      z3_1 = fma(x1, vec4f(w0[3]), z3_1);
      z4_0 = fma(x0, vec4f(w1[0]), z4_0);
      z4_1 = fma(x1, vec4f(w1[0]), z4_1);
      z5_0 = fma(x0, vec4f(w1[1]), z5_0);
      z5_1 = fma(x1, vec4f(w1[1]), z5_1);
      z6_0 = fma(x0, vec4f(w1[2]), z6_0);
      z6_1 = fma(x1, vec4f(w1[2]), z6_1);
      z7_0 = fma(x0, vec4f(w1[3]), z7_0);
      z7_1 = fma(x1, vec4f(w1[3]), z7_1);
      x += 2u;
      w += 2u;
    }
    var sums = array<vec4f, 16>(z0_0, z0_1, z1_0, z1_1, z2_0, z2_1, z3_0, z3_1, z4_0, z4_1, z5_0, z5_1, z6_0, z6_1, z7_0, z7_1);
    for (var s = 0u; s < 16u; s++) {
      (*values)[16u + ((4u * unitBlock + s / 2u)) * 2u + (block + s % 2u)] = activate_tanh(sums[s]);
    }
  }
}

fn forward1(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let training = at.isTraining;
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < 1u; tile += 4u) {
    let unitBlock = tile / 1u * 1u;
    let block = tile % 1u * 2u;
    if (block >= activeBlocks) { continue; }
    let bias0 = (*parameters)[26u + unitBlock + 0u];
    var z0_0 = vec4f(bias0[0]);
    var z0_1 = vec4f(bias0[0]);
    var z1_0 = vec4f(bias0[1]);
    var z1_1 = vec4f(bias0[1]);
    var z2_0 = vec4f(bias0[2]);
    var z2_1 = vec4f(bias0[2]);
    var z3_0 = vec4f(bias0[3]);
    var z3_1 = vec4f(bias0[3]);
    var x = 16u + (0u) * 2u + block;
    var w = 18u + (0u) * 1u + unitBlock;
    for (var i = 0u; i < 6u; i++) {
      let x0 = (*values)[x + 0u];
      let x1 = (*values)[x + 1u];
      let w0 = (*parameters)[w + 0u];
      z0_0 = fma(x0, vec4f(w0[0]), z0_0);
      z0_1 = fma(x1, vec4f(w0[0]), z0_1);
      z1_0 = fma(x0, vec4f(w0[1]), z1_0);
      z1_1 = fma(x1, vec4f(w0[1]), z1_1);
      z2_0 = fma(x0, vec4f(w0[2]), z2_0);
      z2_1 = fma(x1, vec4f(w0[2]), z2_1);
      z3_0 = fma(x0, vec4f(w0[3]), z3_0);
      z3_1 = fma(x1, vec4f(w0[3]), z3_1);
      x += 2u;
      w += 1u;
    }
    var sums = array<vec4f, 8>(z0_0, z0_1, z1_0, z1_1, z2_0, z2_1, z3_0, z3_1);
    for (var s = 0u; s < 8u; s++) {
      (*values)[48u + ((4u * unitBlock + s / 2u)) * 2u + (block + s % 2u)] = sums[s];
    }
  }
}

fn outputLoss(p: vec4f, label: vec4f) -> vec4f { return max(p, vec4f()) - p * label + log1pUnit(exp(-abs(p))); }
fn outputSlope(p: vec4f, label: vec4f) -> vec4f { return select(sigmoid(p) - label, (1.0 - label) - sigmoid(-p), p > vec4f()); }

fn evaluateBlock(block: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let labels = (*values)[210u + block];
  let valid = isInBatch(block);

  // Samples beyond the batch have weight 0 in gradient, loss and accuracy.
  let scale = select(vec4f(), vec4f(1.0 / f32(at.rows)), valid);

  var loss = vec4f();
  var predicted = vec4f();
  for (var unit = 0u; unit < 1u; unit++) {
    let output = (*values)[48u + (unit) * 2u + block];
    let label = labels;
    loss += outputLoss(output, label) / 1.0;
    predicted = select(vec4f(), vec4f(1.0), sigmoid(output) > vec4f(0.5));
    if (at.isTraining) {
      let slope = select(vec4f(), outputSlope(output, label) * (scale / 1.0), valid);
      (*values)[56u + (unit) * 2u + block] = slope;
    }
  }
  (*values)[230u + block] = select(vec4f(), loss, valid);
  (*values)[232u + block] = select(vec4f(), vec4f(1.0), (predicted == labels) & valid);
  (*values)[208u + block] = predicted;
}

fn evaluateLoss(lane: u32) {
  for (var block = lane; block < at.activeBlocks; block += 4u) { evaluateBlock(block); }
}

fn addTotals(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (lane != 0u) { return; }
  var losses = vec4f();
  var right = vec4f();
  for (var block = 0u; block < at.activeBlocks; block++) {
    losses += (*values)[230u + block];
    right += (*values)[232u + block];
  }
  let dataLoss = sumOfFour(losses) / f32(at.rows);
  let correct = u32(sumOfFour(right));
  

  let loss = dataLoss;
  if (at.isTraining) {
    progress[networkIndex].trainLoss += loss * f32(at.rows);
    progress[networkIndex].trainCorrect += correct;
    if (isNotFinite(vec4f(loss)).x) { progress[networkIndex].status = 3u; }
  } else if (at.isInference) {
    (*parameters)[135u][1] += loss * f32(at.rows);
    (*parameters)[135u][2] += f32(correct);
  } else {
    progress[networkIndex].testLoss += loss * f32(at.rows);
    progress[networkIndex].testCorrect += correct;
  }
}

var<private> rangesOfTensors = array<vec2u, 8>(vec2u(0u, 16u), vec2u(16u, 2u), vec2u(18u, 8u), vec2u(26u, 1u), vec2u(27u, 16u), vec2u(43u, 2u), vec2u(45u, 8u), vec2u(53u, 1u));

fn largestOfTensors(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (!isEnding()) { return; }
  for (var item = lane; item < 128u; item += 4u) {
    let range = rangesOfTensors[item / 16u];
    // Bits of absolute values are ordered like the values, and those of no finite number come last.
    var largest = vec4u();
    for (var i = item % 16u; i < range.y; i += 16u) {
      largest = max(largest, bitcast<vec4u>((*parameters)[(range.x + i)]) & vec4u(0x7fffffffu));
    }
    let two = max(largest.xy, largest.zw);
    let one = max(two.x, two.y);
    let isBad = one >= 0x7f800000u;
    (*values)[72u + item] = vec4f(bitcast<f32>(select(one, 0u, isBad)), 0.0, 0.0, f32(isBad));
  }
}

fn searchActivations(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var block = lane; block < at.activeBlocks; block += 4u) {
    let valid = isInBatch(block);
    var first = 3u;
    for (var i = 0u; i < 5u; i++) {
      if (any(valid & isNotFinite((*values)[0u + i * 2u + block]))) { first = 0u; }
    }
    for (var l = 0u; l < 2u && first > l + 1u; l++) {
      let layer = probedLayers[l];
      for (var unit = 0u; unit < layer.units; unit++) {
        let z = preActivation(layer, layer.z, unit, block);
        // What the loss passes by is finite where z is.
        let isBadA = layer.isPassed == 0u && any(valid & isNotFinite((*values)[layer.a + unit * 2u + block]));
        if (isBadA || any(valid & isNotFinite(z))) { first = l + 1u; }
      }
    }
    (*values)[206u + block] = vec4f(f32(first));
  }
}

/** The dense layer of each tensor. */
var<private> layerOfTensor = array<u32, 4>(0u, 0u, 1u, 1u);

fn isEnding() -> bool {
  let now = progress[networkIndex];
  return now.status != 0u || now.stops == 1u || at.epoch + 1u == networks[networkIndex].epochs;
}

fn tellNonFinite(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (lane != 0u || !isEnding()) { return; }
  let isDiverged = progress[networkIndex].status == 3u;
  // Backward runs from the last layer; an update that went wrong by itself is told of the first.
  var ofGradients = 0u;
  var ofParameters = 3u;
  for (var t = 0u; t < 4u; t++) {
    let layer = layerOfTensor[t] + 1u;
    if (resultOf(t).isBad) { ofParameters = min(ofParameters, layer); }
    if (resultOf(4u + t).isBad) { ofGradients = max(ofGradients, layer); }
  }
  var found = vec2u(0u, 0u);
  if (ofParameters <= 2u) {
    found = select(vec2u(5u, ofParameters - 1u), vec2u(4u, ofGradients - 1u), ofGradients > 0u);
  } else if (isDiverged) {
    var first = 3u;
    for (var block = 0u; block < at.activeBlocks && block < 2u; block++) {
      first = min(first, u32((*values)[206u + block].x));
    }
    found = vec2u(3u, 0u);
    if (first == 0u) { found.x = 1u; }
    if (first > 0u && first <= 2u) { found = vec2u(2u, first - 1u); }
  }
  let place = probesOfNetwork();
  probes[place] = found.x;
  probes[place + 1u] = found.y;
  if (isDiverged) { progress[networkIndex].status = 2u; }
}

fn countAnswers(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (at.isInference) { return; }
  let matrix = select(139u, 137u, at.isTraining);
  for (var item = lane; item < 2u; item += 4u) {
    for (var sample = 0u; sample < at.rows; sample++) {
      if (u32((*values)[210u + sample / 4u][sample % 4u]) != item) { continue; }
      let answer = u32((*values)[208u + sample / 4u][sample % 4u]);
      (*parameters)[matrix + item * 1u + answer / 4u][answer % 4u] += 1.0;
    }
  }
}

fn inputGradient1(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < 1u; tile += 4u) {
    let i = tile / 1u * 8u;
    let block = tile % 1u * 2u;
    if (block >= activeBlocks) { continue; }
    var d0_0 = vec4f();
    var d0_1 = vec4f();
    var d1_0 = vec4f();
    var d1_1 = vec4f();
    var d2_0 = vec4f();
    var d2_1 = vec4f();
    var d3_0 = vec4f();
    var d3_1 = vec4f();
    var d4_0 = vec4f();
    var d4_1 = vec4f();
    var d5_0 = vec4f();
    var d5_1 = vec4f();
    var d6_0 = vec4f();
    var d6_1 = vec4f();
    var d7_0 = vec4f();
    var d7_1 = vec4f();
    var g = 56u + (0u) * 2u + block;
    var w = 18u + (i) * 1u + 0u;
    for (var unitBlock = 0u; unitBlock < 1u; unitBlock++) {
      let g0_0 = (*values)[g + 0u];
      let g0_1 = (*values)[g + 1u];
      let g1_0 = (*values)[g + 2u];
      let g1_1 = (*values)[g + 3u];
      let g2_0 = (*values)[g + 4u];
      let g2_1 = (*values)[g + 5u];
      let g3_0 = (*values)[g + 6u];
      let g3_1 = (*values)[g + 7u];
      let w0 = (*parameters)[w + 0u];
      let w1 = (*parameters)[w + 1u];
      let w2 = (*parameters)[w + 2u];
      let w3 = (*parameters)[w + 3u];
      let w4 = (*parameters)[w + 4u];
      let w5 = (*parameters)[w + 5u];
      let w6 = (*parameters)[w + 6u];
      let w7 = (*parameters)[w + 7u];
      d0_0 = fma(g0_0, vec4f(w0[0]), d0_0);
      d0_0 = fma(g1_0, vec4f(w0[1]), d0_0);
      d0_0 = fma(g2_0, vec4f(w0[2]), d0_0);
      d0_0 = fma(g3_0, vec4f(w0[3]), d0_0);
      d0_1 = fma(g0_1, vec4f(w0[0]), d0_1);
      d0_1 = fma(g1_1, vec4f(w0[1]), d0_1);
      d0_1 = fma(g2_1, vec4f(w0[2]), d0_1);
      d0_1 = fma(g3_1, vec4f(w0[3]), d0_1);
      d1_0 = fma(g0_0, vec4f(w1[0]), d1_0);
      d1_0 = fma(g1_0, vec4f(w1[1]), d1_0);
      d1_0 = fma(g2_0, vec4f(w1[2]), d1_0);
      d1_0 = fma(g3_0, vec4f(w1[3]), d1_0);
      d1_1 = fma(g0_1, vec4f(w1[0]), d1_1);
      d1_1 = fma(g1_1, vec4f(w1[1]), d1_1);
      d1_1 = fma(g2_1, vec4f(w1[2]), d1_1);
      d1_1 = fma(g3_1, vec4f(w1[3]), d1_1);
      d2_0 = fma(g0_0, vec4f(w2[0]), d2_0);
      d2_0 = fma(g1_0, vec4f(w2[1]), d2_0);
      d2_0 = fma(g2_0, vec4f(w2[2]), d2_0);
      d2_0 = fma(g3_0, vec4f(w2[3]), d2_0);
      d2_1 = fma(g0_1, vec4f(w2[0]), d2_1);
      d2_1 = fma(g1_1, vec4f(w2[1]), d2_1);
      d2_1 = fma(g2_1, vec4f(w2[2]), d2_1);
      d2_1 = fma(g3_1, vec4f(w2[3]), d2_1);
      d3_0 = fma(g0_0, vec4f(w3[0]), d3_0);
      d3_0 = fma(g1_0, vec4f(w3[1]), d3_0);
      d3_0 = fma(g2_0, vec4f(w3[2]), d3_0);
      d3_0 = fma(g3_0, vec4f(w3[3]), d3_0);
      d3_1 = fma(g0_1, vec4f(w3[0]), d3_1);
      d3_1 = fma(g1_1, vec4f(w3[1]), d3_1);
      d3_1 = fma(g2_1, vec4f(w3[2]), d3_1);
      d3_1 = fma(g3_1, vec4f(w3[3]), d3_1);
      d4_0 = fma(g0_0, vec4f(w4[0]), d4_0);
      d4_0 = fma(g1_0, vec4f(w4[1]), d4_0);
      d4_0 = fma(g2_0, vec4f(w4[2]), d4_0);
      d4_0 = fma(g3_0, vec4f(w4[3]), d4_0);
      d4_1 = fma(g0_1, vec4f(w4[0]), d4_1);
      d4_1 = fma(g1_1, vec4f(w4[1]), d4_1);
      d4_1 = fma(g2_1, vec4f(w4[2]), d4_1);
      d4_1 = fma(g3_1, vec4f(w4[3]), d4_1);
      d5_0 = fma(g0_0, vec4f(w5[0]), d5_0);
      d5_0 = fma(g1_0, vec4f(w5[1]), d5_0);
      d5_0 = fma(g2_0, vec4f(w5[2]), d5_0);
      d5_0 = fma(g3_0, vec4f(w5[3]), d5_0);
      d5_1 = fma(g0_1, vec4f(w5[0]), d5_1);
      d5_1 = fma(g1_1, vec4f(w5[1]), d5_1);
      d5_1 = fma(g2_1, vec4f(w5[2]), d5_1);
      d5_1 = fma(g3_1, vec4f(w5[3]), d5_1);
      d6_0 = fma(g0_0, vec4f(w6[0]), d6_0);
      d6_0 = fma(g1_0, vec4f(w6[1]), d6_0);
      d6_0 = fma(g2_0, vec4f(w6[2]), d6_0);
      d6_0 = fma(g3_0, vec4f(w6[3]), d6_0);
      d6_1 = fma(g0_1, vec4f(w6[0]), d6_1);
      d6_1 = fma(g1_1, vec4f(w6[1]), d6_1);
      d6_1 = fma(g2_1, vec4f(w6[2]), d6_1);
      d6_1 = fma(g3_1, vec4f(w6[3]), d6_1);
      d7_0 = fma(g0_0, vec4f(w7[0]), d7_0);
      d7_0 = fma(g1_0, vec4f(w7[1]), d7_0);
      d7_0 = fma(g2_0, vec4f(w7[2]), d7_0);
      d7_0 = fma(g3_0, vec4f(w7[3]), d7_0);
      d7_1 = fma(g0_1, vec4f(w7[0]), d7_1);
      d7_1 = fma(g1_1, vec4f(w7[1]), d7_1);
      d7_1 = fma(g2_1, vec4f(w7[2]), d7_1);
      d7_1 = fma(g3_1, vec4f(w7[3]), d7_1);
      g += 8u;
      w++;
    }
    var sums = array<vec4f, 16>(d0_0, d0_1, d1_0, d1_1, d2_0, d2_1, d3_0, d3_1, d4_0, d4_1, d5_0, d5_1, d6_0, d6_1, d7_0, d7_1);
    for (var s = 0u; s < 16u; s++) {
      (*values)[32u + ((i + s / 2u)) * 2u + (block + s % 2u)] = sums[s] * slope_tanh((*values)[16u + ((i + s / 2u)) * 2u + (block + s % 2u)]);
    }
  }
}

fn parameterGradient1(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < 1u; tile += 4u) {
    let i = tile / 1u * 8u;
    let unitBlock = tile % 1u * 1u;
    var d0_0 = vec4f();
    var d1_0 = vec4f();
    var d2_0 = vec4f();
    var d3_0 = vec4f();
    var d4_0 = vec4f();
    var d5_0 = vec4f();
    var d6_0 = vec4f();
    var d7_0 = vec4f();
    var x = 16u + (i) * 2u + 0u;
    var g = 56u + (4u * unitBlock) * 2u + 0u;
    for (var block = 0u; block < activeBlocks; block++) {
      let g0 = (*values)[g + 0u];
      let g1 = (*values)[g + 2u];
      let g2 = (*values)[g + 4u];
      let g3 = (*values)[g + 6u];
      let s0_0 = vec4f(g0[0], g1[0], g2[0], g3[0]);
      let s1_0 = vec4f(g0[1], g1[1], g2[1], g3[1]);
      let s2_0 = vec4f(g0[2], g1[2], g2[2], g3[2]);
      let s3_0 = vec4f(g0[3], g1[3], g2[3], g3[3]);
      let x0 = (*values)[x + 0u];
      d0_0 = fma(vec4f(x0[0]), s0_0, d0_0);
      d0_0 = fma(vec4f(x0[1]), s1_0, d0_0);
      d0_0 = fma(vec4f(x0[2]), s2_0, d0_0);
      d0_0 = fma(vec4f(x0[3]), s3_0, d0_0);
      let x1 = (*values)[x + 2u];
      d1_0 = fma(vec4f(x1[0]), s0_0, d1_0);
      d1_0 = fma(vec4f(x1[1]), s1_0, d1_0);
      d1_0 = fma(vec4f(x1[2]), s2_0, d1_0);
      d1_0 = fma(vec4f(x1[3]), s3_0, d1_0);
      let x2 = (*values)[x + 4u];
      d2_0 = fma(vec4f(x2[0]), s0_0, d2_0);
      d2_0 = fma(vec4f(x2[1]), s1_0, d2_0);
      d2_0 = fma(vec4f(x2[2]), s2_0, d2_0);
      d2_0 = fma(vec4f(x2[3]), s3_0, d2_0);
      let x3 = (*values)[x + 6u];
      d3_0 = fma(vec4f(x3[0]), s0_0, d3_0);
      d3_0 = fma(vec4f(x3[1]), s1_0, d3_0);
      d3_0 = fma(vec4f(x3[2]), s2_0, d3_0);
      d3_0 = fma(vec4f(x3[3]), s3_0, d3_0);
      let x4 = (*values)[x + 8u];
      d4_0 = fma(vec4f(x4[0]), s0_0, d4_0);
      d4_0 = fma(vec4f(x4[1]), s1_0, d4_0);
      d4_0 = fma(vec4f(x4[2]), s2_0, d4_0);
      d4_0 = fma(vec4f(x4[3]), s3_0, d4_0);
      let x5 = (*values)[x + 10u];
      d5_0 = fma(vec4f(x5[0]), s0_0, d5_0);
      d5_0 = fma(vec4f(x5[1]), s1_0, d5_0);
      d5_0 = fma(vec4f(x5[2]), s2_0, d5_0);
      d5_0 = fma(vec4f(x5[3]), s3_0, d5_0);
      let x6 = (*values)[x + 12u];
      d6_0 = fma(vec4f(x6[0]), s0_0, d6_0);
      d6_0 = fma(vec4f(x6[1]), s1_0, d6_0);
      d6_0 = fma(vec4f(x6[2]), s2_0, d6_0);
      d6_0 = fma(vec4f(x6[3]), s3_0, d6_0);
      let x7 = (*values)[x + 14u];
      d7_0 = fma(vec4f(x7[0]), s0_0, d7_0);
      d7_0 = fma(vec4f(x7[1]), s1_0, d7_0);
      d7_0 = fma(vec4f(x7[2]), s2_0, d7_0);
      d7_0 = fma(vec4f(x7[3]), s3_0, d7_0);
      x++;
      g++;
    }
    var sums = array<vec4f, 8>(d0_0, d1_0, d2_0, d3_0, d4_0, d5_0, d6_0, d7_0);
    for (var s = 0u; s < 8u; s++) {
      (*parameters)[18u + ((i + s / 1u)) * 1u + (unitBlock + s % 1u) + 27u] = sums[s];
    }
  }
  for (var unitBlock = lane; unitBlock < 1u; unitBlock += 4u) {
    var sum = vec4f();
    for (var block = 0u; block < activeBlocks; block++) {
      let g0 = (*values)[56u + (4u * unitBlock + 0u) * 2u + block];
      let g1 = (*values)[56u + (4u * unitBlock + 1u) * 2u + block];
      let g2 = (*values)[56u + (4u * unitBlock + 2u) * 2u + block];
      let g3 = (*values)[56u + (4u * unitBlock + 3u) * 2u + block];
      sum += vec4f(sumOfFour(g0), sumOfFour(g1), sumOfFour(g2), sumOfFour(g3));
    }
    (*parameters)[26u + unitBlock + 27u] = sum;
  }
}

fn parameterGradient0(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < 1u; tile += 4u) {
    let i = tile / 1u * 8u;
    let unitBlock = tile % 1u * 2u;
    var d0_0 = vec4f();
    var d0_1 = vec4f();
    var d1_0 = vec4f();
    var d1_1 = vec4f();
    var d2_0 = vec4f();
    var d2_1 = vec4f();
    var d3_0 = vec4f();
    var d3_1 = vec4f();
    var d4_0 = vec4f();
    var d4_1 = vec4f();
    var d5_0 = vec4f();
    var d5_1 = vec4f();
    var d6_0 = vec4f();
    var d6_1 = vec4f();
    var d7_0 = vec4f();
    var d7_1 = vec4f();
    var x = 0u + (i) * 2u + 0u;
    var g = 32u + (4u * unitBlock) * 2u + 0u;
    for (var block = 0u; block < activeBlocks; block++) {
      let g0 = (*values)[g + 0u];
      let g1 = (*values)[g + 2u];
      let g2 = (*values)[g + 4u];
      let g3 = (*values)[g + 6u];
      let g4 = (*values)[g + 8u];
      let g5 = (*values)[g + 10u];
      let g6 = (*values)[g + 12u];
      let g7 = (*values)[g + 14u];
      let s0_0 = vec4f(g0[0], g1[0], g2[0], g3[0]);
      let s1_0 = vec4f(g0[1], g1[1], g2[1], g3[1]);
      let s2_0 = vec4f(g0[2], g1[2], g2[2], g3[2]);
      let s3_0 = vec4f(g0[3], g1[3], g2[3], g3[3]);
      let s0_1 = vec4f(g4[0], g5[0], g6[0], g7[0]);
      let s1_1 = vec4f(g4[1], g5[1], g6[1], g7[1]);
      let s2_1 = vec4f(g4[2], g5[2], g6[2], g7[2]);
      let s3_1 = vec4f(g4[3], g5[3], g6[3], g7[3]);
      let x0 = (*values)[x + 0u];
      d0_0 = fma(vec4f(x0[0]), s0_0, d0_0);
      d0_0 = fma(vec4f(x0[1]), s1_0, d0_0);
      d0_0 = fma(vec4f(x0[2]), s2_0, d0_0);
      d0_0 = fma(vec4f(x0[3]), s3_0, d0_0);
      d0_1 = fma(vec4f(x0[0]), s0_1, d0_1);
      d0_1 = fma(vec4f(x0[1]), s1_1, d0_1);
      d0_1 = fma(vec4f(x0[2]), s2_1, d0_1);
      d0_1 = fma(vec4f(x0[3]), s3_1, d0_1);
      let x1 = (*values)[x + 2u];
      d1_0 = fma(vec4f(x1[0]), s0_0, d1_0);
      d1_0 = fma(vec4f(x1[1]), s1_0, d1_0);
      d1_0 = fma(vec4f(x1[2]), s2_0, d1_0);
      d1_0 = fma(vec4f(x1[3]), s3_0, d1_0);
      d1_1 = fma(vec4f(x1[0]), s0_1, d1_1);
      d1_1 = fma(vec4f(x1[1]), s1_1, d1_1);
      d1_1 = fma(vec4f(x1[2]), s2_1, d1_1);
      d1_1 = fma(vec4f(x1[3]), s3_1, d1_1);
      let x2 = (*values)[x + 4u];
      d2_0 = fma(vec4f(x2[0]), s0_0, d2_0);
      d2_0 = fma(vec4f(x2[1]), s1_0, d2_0);
      d2_0 = fma(vec4f(x2[2]), s2_0, d2_0);
      d2_0 = fma(vec4f(x2[3]), s3_0, d2_0);
      d2_1 = fma(vec4f(x2[0]), s0_1, d2_1);
      d2_1 = fma(vec4f(x2[1]), s1_1, d2_1);
      d2_1 = fma(vec4f(x2[2]), s2_1, d2_1);
      d2_1 = fma(vec4f(x2[3]), s3_1, d2_1);
      let x3 = (*values)[x + 6u];
      d3_0 = fma(vec4f(x3[0]), s0_0, d3_0);
      d3_0 = fma(vec4f(x3[1]), s1_0, d3_0);
      d3_0 = fma(vec4f(x3[2]), s2_0, d3_0);
      d3_0 = fma(vec4f(x3[3]), s3_0, d3_0);
      d3_1 = fma(vec4f(x3[0]), s0_1, d3_1);
      d3_1 = fma(vec4f(x3[1]), s1_1, d3_1);
      d3_1 = fma(vec4f(x3[2]), s2_1, d3_1);
      d3_1 = fma(vec4f(x3[3]), s3_1, d3_1);
      let x4 = (*values)[x + 8u];
      d4_0 = fma(vec4f(x4[0]), s0_0, d4_0);
      d4_0 = fma(vec4f(x4[1]), s1_0, d4_0);
      d4_0 = fma(vec4f(x4[2]), s2_0, d4_0);
      d4_0 = fma(vec4f(x4[3]), s3_0, d4_0);
      d4_1 = fma(vec4f(x4[0]), s0_1, d4_1);
      d4_1 = fma(vec4f(x4[1]), s1_1, d4_1);
      d4_1 = fma(vec4f(x4[2]), s2_1, d4_1);
      d4_1 = fma(vec4f(x4[3]), s3_1, d4_1);
      let x5 = (*values)[x + 10u];
      d5_0 = fma(vec4f(x5[0]), s0_0, d5_0);
      d5_0 = fma(vec4f(x5[1]), s1_0, d5_0);
      d5_0 = fma(vec4f(x5[2]), s2_0, d5_0);
      d5_0 = fma(vec4f(x5[3]), s3_0, d5_0);
      d5_1 = fma(vec4f(x5[0]), s0_1, d5_1);
      d5_1 = fma(vec4f(x5[1]), s1_1, d5_1);
      d5_1 = fma(vec4f(x5[2]), s2_1, d5_1);
      d5_1 = fma(vec4f(x5[3]), s3_1, d5_1);
      let x6 = (*values)[x + 12u];
      d6_0 = fma(vec4f(x6[0]), s0_0, d6_0);
      d6_0 = fma(vec4f(x6[1]), s1_0, d6_0);
      d6_0 = fma(vec4f(x6[2]), s2_0, d6_0);
      d6_0 = fma(vec4f(x6[3]), s3_0, d6_0);
      d6_1 = fma(vec4f(x6[0]), s0_1, d6_1);
      d6_1 = fma(vec4f(x6[1]), s1_1, d6_1);
      d6_1 = fma(vec4f(x6[2]), s2_1, d6_1);
      d6_1 = fma(vec4f(x6[3]), s3_1, d6_1);
      let x7 = (*values)[x + 14u];
      d7_0 = fma(vec4f(x7[0]), s0_0, d7_0);
      d7_0 = fma(vec4f(x7[1]), s1_0, d7_0);
      d7_0 = fma(vec4f(x7[2]), s2_0, d7_0);
      d7_0 = fma(vec4f(x7[3]), s3_0, d7_0);
      d7_1 = fma(vec4f(x7[0]), s0_1, d7_1);
      d7_1 = fma(vec4f(x7[1]), s1_1, d7_1);
      d7_1 = fma(vec4f(x7[2]), s2_1, d7_1);
      d7_1 = fma(vec4f(x7[3]), s3_1, d7_1);
      x++;
      g++;
    }
    var sums = array<vec4f, 16>(d0_0, d0_1, d1_0, d1_1, d2_0, d2_1, d3_0, d3_1, d4_0, d4_1, d5_0, d5_1, d6_0, d6_1, d7_0, d7_1);
    for (var s = 0u; s < 16u; s++) {
      (*parameters)[0u + ((i + s / 2u)) * 2u + (unitBlock + s % 2u) + 27u] = sums[s];
    }
  }
  for (var unitBlock = lane; unitBlock < 2u; unitBlock += 4u) {
    var sum = vec4f();
    for (var block = 0u; block < activeBlocks; block++) {
      let g0 = (*values)[32u + (4u * unitBlock + 0u) * 2u + block];
      let g1 = (*values)[32u + (4u * unitBlock + 1u) * 2u + block];
      let g2 = (*values)[32u + (4u * unitBlock + 2u) * 2u + block];
      let g3 = (*values)[32u + (4u * unitBlock + 3u) * 2u + block];
      sum += vec4f(sumOfFour(g0), sumOfFour(g1), sumOfFour(g2), sumOfFour(g3));
    }
    (*parameters)[16u + unitBlock + 27u] = sum;
  }
}

var<private> rangesOfGradients = array<vec2u, 1>(vec2u(27u, 27u));

fn largestOfGradients(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  
  for (var item = lane; item < 16u; item += 4u) {
    let range = rangesOfGradients[item / 16u];
    // Bits of absolute values are ordered like the values, and those of no finite number come last.
    var largest = vec4u();
    for (var i = item % 16u; i < range.y; i += 16u) {
      largest = max(largest, bitcast<vec4u>((*parameters)[(range.x + i)]) & vec4u(0x7fffffffu));
    }
    let two = max(largest.xy, largest.zw);
    let one = max(two.x, two.y);
    let isBad = one >= 0x7f800000u;
    (*values)[72u + item] = vec4f(bitcast<f32>(select(one, 0u, isBad)), 0.0, 0.0, f32(isBad));
  }
}

fn squaresOfGradients(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 16u; item += 4u) {
    let range = rangesOfGradients[item / 16u];
    let largest = resultOf(item / 16u).largest;
    if (largest == 0.0) { continue; }
    var sum = vec4f();
    for (var i = item % 16u; i < range.y; i += 16u) {
      let share = (*parameters)[(range.x + i)] / largest;
      sum += share * share;
    }
    (*values)[72u + item].y = sumOfFour(sum);
  }
}

fn takeGradientNorm(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (lane != 0u) { return; }
  let all = resultOf(0u);
  let distance = all.norm - (*parameters)[135u][3];
  (*parameters)[135u][3] += distance / f32(at.first / 7u + 1u);
  (*parameters)[136u][0] += distance * (all.norm - (*parameters)[135u][3]);
  // Only finite numbers were summed.
  if (all.isBad) {
    (*parameters)[135u][3] = bitcast<f32>(kept(0.0, true));
    (*parameters)[136u][0] = (*parameters)[135u][3];
  }
}

var<private> rangesOfLayers = array<vec2u, 4>(vec2u(0u, 10u), vec2u(18u, 6u), vec2u(27u, 18u), vec2u(45u, 9u));

fn largestOfLayers(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  
  for (var item = lane; item < 64u; item += 4u) {
    let range = rangesOfLayers[item / 16u];
    // Bits of absolute values are ordered like the values, and those of no finite number come last.
    var largest = vec4u();
    for (var i = item % 16u; i < range.y; i += 16u) {
      largest = max(largest, bitcast<vec4u>((*parameters)[(range.x + i)]) & vec4u(0x7fffffffu));
    }
    let two = max(largest.xy, largest.zw);
    let one = max(two.x, two.y);
    let isBad = one >= 0x7f800000u;
    (*values)[72u + item] = vec4f(bitcast<f32>(select(one, 0u, isBad)), 0.0, 0.0, f32(isBad));
  }
}

fn countZeroGradients(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 32u; item += 4u) {
    let layer = probedLayers[item / 16u];
    var zeros = vec4f();
    for (var i = item % 16u; i < layer.inputs * layer.unitBlocks; i += 16u) {
      let d = (*parameters)[27u + layer.kernel + i];
      let isUnit = vec4u(4u * (i % layer.unitBlocks)) + vec4u(0u, 1u, 2u, 3u) < vec4u(layer.units);
      zeros += select(vec4f(), vec4f(1.0), isUnit & (d == vec4f()));
    }
    (*values)[72u + item].z = sumOfFour(zeros);
  }
}

fn answer(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var block = lane; block < at.activeBlocks; block += 4u) {
    for (var unit = 0u; unit < 1u; unit++) { (*values)[64u + unit * 2u + block] = sigmoid((*values)[48u + unit * 2u + block]); }
  }
}

fn squaresOfLayers(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 64u; item += 4u) {
    let range = rangesOfLayers[item / 16u];
    let largest = resultOf(item / 16u).largest;
    if (largest == 0.0) { continue; }
    var sum = vec4f();
    for (var i = item % 16u; i < range.y; i += 16u) {
      let share = (*parameters)[(range.x + i)] / largest;
      sum += share * share;
    }
    (*values)[72u + item].y = sumOfFour(sum);
  }
}

/** Whether two units have the same kernel column and bias. */
fn isCopy(layer: ProbedLayer, unit: u32, other: u32) -> bool {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (layer.bias != NONE && (*parameters)[layer.bias + unit / 4u][unit % 4u] != (*parameters)[layer.bias + other / 4u][other % 4u]) {
    return false;
  }
  for (var i = 0u; i < layer.inputs; i++) {
    let row = layer.kernel + i * layer.unitBlocks;
    if ((*parameters)[row + unit / 4u][unit % 4u] != (*parameters)[row + other / 4u][other % 4u]) { return false; }
  }
  return true;
}

fn probeUnits(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 3u; item += 4u) {
    var l = 0u;
    while (l + 1u < 2u && item >= probedLayers[l + 1u].firstItem) { l++; }
    let layer = probedLayers[l];
    let unitBlock = item - layer.firstItem;
    let last = min(4u * unitBlock + 4u, layer.units);
    var sum = 0.0;
    var spread = 0.0;
    var largest = 0u;
    var flat = 0.0;
    var dead = 0.0;
    var fresh = 0.0;
    var sums = vec4f();
    var largestBits = vec4u();
    for (var unit = 4u * unitBlock; unit < last; unit++) {
      for (var block = 0u; block < at.activeBlocks; block++) { let a = select(vec4f(), (*values)[layer.a + unit * 2u + block], isInBatch(block)); sums += a; largestBits = max(largestBits, bitcast<vec4u>(a) & vec4u(0x7fffffffu)); }
    }
    sum = sumOfFour(sums);
    let two = max(largestBits.xy, largestBits.zw);
    largest = max(two.x, two.y);
    let mean = sum / f32((last - 4u * unitBlock) * at.rows);
    var squares = vec4f();
    for (var unit = 4u * unitBlock; unit < last; unit++) {
      for (var block = 0u; block < at.activeBlocks; block++) { let d = select(vec4f(), (*values)[layer.a + unit * 2u + block] - mean, isInBatch(block)); squares += d * d; }
    }
    spread = sumOfFour(squares);
    let edge = networks[networkIndex].layers[l].flatBelow;
    for (var unit = 4u * unitBlock; unit < last && layer.sides > 0u; unit++) {
      var flatOfUnit = 0.0;
      for (var block = 0u; block < at.activeBlocks; block++) {
        let z = preActivation(layer, layer.flat, unit, block);
        let isFlat = select(z <= vec4f(edge), abs(z) >= vec4f(-edge), layer.sides == 2u);
        flatOfUnit += sumOfFour(select(vec4f(), vec4f(1.0), isFlat & isInBatch(block)));
      }
      flat += flatOfUnit;
      dead += f32(flatOfUnit == f32(at.rows));
    }
    for (var unit = 4u * unitBlock; unit < last; unit++) {
      var isNew = true;
      for (var other = 0u; other < unit && isNew; other++) { isNew = !isCopy(layer, unit, other); }
      fresh += f32(isNew);
    }
    let isBad = largest >= 0x7f800000u;
    (*values)[200u + 2u * item] = vec4f(sum, spread, bitcast<f32>(select(largest, 0u, isBad)), f32(isBad));
    (*values)[200u + 2u * item + 1u] = vec4f(flat, dead, fresh, 0.0);
  }
}

fn probeSamples(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var block = lane; block < at.activeBlocks; block += 4u) {
    var distinct = vec4f();
    for (var sample = 4u * block; sample < min(4u * block + 4u, at.rows); sample++) {
      var isNew = true;
      for (var other = 0u; other < sample && isNew; other++) {
        var isSame = true;
        for (var unit = 0u; unit < 1u && isSame; unit++) {
          let value = (*values)[64u + unit * 2u + sample / 4u][sample % 4u];
          // Written so that NaN differs from everything.
          isSame = abs(value - (*values)[64u + unit * 2u + other / 4u][other % 4u]) <= 1e-6 * max(1.0, abs(value));
        }
        isNew = !isSame;
      }
      distinct[sample % 4u] = f32(isNew);
    }
    (*values)[206u + block] = distinct;

  }
}

fn recordStep(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 2u; item += 4u) {
    let layer = probedLayers[item];
    let n = f32(layer.units * at.rows);
    let weights = resultOf(item);
    let gradient = resultOf(2u + item);
    var sum = 0.0;
    var largest = 0.0;
    var bad = 0.0;
    var flat = 0.0;
    var dead = 0.0;
    var fresh = 0.0;
    for (var b = 0u; b < layer.unitBlocks; b++) {
      let first = (*values)[200u + 2u * (layer.firstItem + b)];
      let second = (*values)[200u + 2u * (layer.firstItem + b) + 1u];
      sum += first.x;
      largest = max(largest, first.z);
      bad += first.w;
      flat += second.x;
      dead += second.y;
      fresh += second.z;
    }
    let mean = sum / n;
    var spread = 0.0;
    for (var b = 0u; b < layer.unitBlocks; b++) {
      let first = (*values)[200u + 2u * (layer.firstItem + b)];
      let own = f32((min(4u * b + 4u, layer.units) - 4u * b) * at.rows);
      let distance = first.x / own - mean;
      spread += first.y + own * distance * distance;
    }
    var counted = vec4f();
    for (var block = 0u; block < at.activeBlocks; block++) { counted += (*values)[206u + block]; }
    let distinct = sumOfFour(counted);
    var saturated = 0.0;
    var isSoftmax = false;

    let place = placeOfStep() + item * 13u;
    probes[place + 0u] = kept(gradient.norm, gradient.isBad);
    probes[place + 1u] = kept(weights.norm, weights.isBad);
    probes[place + 2u] = 0u;
    probes[place + 3u] = kept(mean, bad > 0.0);
    probes[place + 4u] = kept(spread / n, bad > 0.0);
    probes[place + 5u] = kept(select(flat / n, saturated / f32(at.rows), isSoftmax), false);
    probes[place + 6u] = kept(dead / f32(layer.units), false);
    probes[place + 7u] = kept(weights.zeros / f32(layer.inputs * layer.units), false);
    probes[place + 8u] = kept(largest, bad > 0.0);
    probes[place + 9u] = kept(gradient.largest, gradient.isBad);
    probes[place + 10u] = kept(weights.largest, weights.isBad);
    probes[place + 11u] = kept(fresh, false);
    probes[place + 12u] = kept(distinct, false);
  }
}

fn keepBefore(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 27u; item += 4u) {
    (*parameters)[108u + item] = (*parameters)[item];
  }
}

fn updateParameters(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let entry = &networks[networkIndex];
  let learningRate = rates[min((*entry).firstLearningRate + at.step, (*entry).lastLearningRate)];
  let corrections = min((*entry).firstCorrection + 1u * at.step, (*entry).lastCorrection);
  let correction0 = rates[corrections + 0u];
  let oneMinusBeta1 = (*entry).oneMinusBeta1;
  let oneMinusBeta2 = (*entry).oneMinusBeta2;
  let epsilon = (*entry).epsilon;
  for (var i = lane; i < 27u; i += 4u) {
    let w = (*parameters)[0u + i];
    let g = (*parameters)[27u + i];
    var state0 = (*parameters)[54u + i];
    var state1 = (*parameters)[81u + i];

    state0 += (g - state0) * oneMinusBeta1;
    state1 += (g * g - state1) * oneMinusBeta2;
    
    let updated = w - learningRate * correction0 * state0 / (sqrt(state1) + epsilon);
    (*parameters)[54u + i] = state0;
    (*parameters)[81u + i] = state1;
    (*parameters)[0u + i] = updated;
  }
}

var<private> rangesOfUpdates = array<vec2u, 2>(vec2u(0u, 10u), vec2u(18u, 6u));

fn largestOfUpdates(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  
  for (var item = lane; item < 32u; item += 4u) {
    let range = rangesOfUpdates[item / 16u];
    // Bits of absolute values are ordered like the values, and those of no finite number come last.
    var largest = vec4u();
    for (var i = item % 16u; i < range.y; i += 16u) {
      largest = max(largest, bitcast<vec4u>(((*parameters)[(range.x + i)] - (*parameters)[108u + (range.x + i)])) & vec4u(0x7fffffffu));
    }
    let two = max(largest.xy, largest.zw);
    let one = max(two.x, two.y);
    let isBad = one >= 0x7f800000u;
    (*values)[72u + item] = vec4f(bitcast<f32>(select(one, 0u, isBad)), 0.0, 0.0, f32(isBad));
  }
}

fn squaresOfUpdates(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 32u; item += 4u) {
    let range = rangesOfUpdates[item / 16u];
    let largest = resultOf(item / 16u).largest;
    if (largest == 0.0) { continue; }
    var sum = vec4f();
    for (var i = item % 16u; i < range.y; i += 16u) {
      let share = ((*parameters)[(range.x + i)] - (*parameters)[108u + (range.x + i)]) / largest;
      sum += share * share;
    }
    (*values)[72u + item].y = sumOfFour(sum);
  }
}

fn recordUpdate(lane: u32) {
  for (var item = lane; item < 2u; item += 4u) {
    let update = resultOf(item);
    probes[placeOfStep() + item * 13u + 2u] = kept(update.norm, update.isBad);
  }
}

fn recordEpoch(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (lane != 0u) { return; }
  // The step counts on behind the batch that made the epoch's last update.
  let lastStep = at.step - u32(!at.isTraining);
  let place = placeOfEpoch();
  probes[place + 0u] = bitcast<u32>(rates[min(networks[networkIndex].firstLearningRate + lastStep, networks[networkIndex].lastLearningRate)]);
  probes[place + 1u] = bitcast<u32>((*parameters)[135u][0] / f32(networks[networkIndex].trainRows));
  probes[place + 2u] = bitcast<u32>((*parameters)[135u][1] / f32(networks[networkIndex].trainRows));
  probes[place + 3u] = bitcast<u32>((*parameters)[135u][2] / f32(networks[networkIndex].trainRows));
  probes[place + 4u] = bitcast<u32>((*parameters)[135u][3]);
  probes[place + 5u] = bitcast<u32>((*parameters)[136u][0] / f32((networks[networkIndex].trainRows + 6u) / 7u));
  (*parameters)[135u] = vec4f();
  (*parameters)[136u] = vec4f();
}

fn recordCounts(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let place = placeOfCounts();
  for (var item = lane; item < 4u; item += 4u) {
    let row = 137u + item / 2u * 2u + item % 2u * 1u;
    for (var k = 0u; k < 2u; k++) {
      probes[place + item * 2u + k] = u32((*parameters)[row + k / 4u][k % 4u]);
    }
    for (var b = 0u; b < 1u; b++) { (*parameters)[row + b] = vec4f(); }
  }
}

fn endEpoch(lane: u32) {
  if (lane != 0u) { return; }
  let now = progress[networkIndex];
  let rows = vec2u(networks[networkIndex].trainRows, max(networks[networkIndex].testRows, 1u));
  let sums = vec4f(now.trainLoss, f32(now.trainCorrect), now.testLoss, f32(now.testCorrect));
  let place = networkIndex * dispatch.ringEpochs + at.epoch % dispatch.ringEpochs;
  let signals = sums / vec4f(rows.xxyy);
  curves[place] = signals;
  
  
}

fn moveOn(lane: u32) {
  if (lane != 0u) { return; }
  let now = &progress[networkIndex];
  (*now).step += u32(at.isTraining);
  (*now).batch += 1u;
  if (!at.isLastOfEpoch) { return; }
  (*now).epoch = at.epoch + 1u;
  (*now).batch = 0u;
  (*now).trainLoss = 0.0;
  (*now).trainCorrect = 0u;
  (*now).testLoss = 0.0;
  (*now).testCorrect = 0u;
  let isComplete = (*now).epoch == networks[networkIndex].epochs;
  (*now).status = select(0u, 1u, isComplete);
}

@compute @workgroup_size(4)
fn trainPopulation(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let index = dispatch.alive[group.y / 4u][group.y % 4u];
  networkIndex = index;
  valueSlot = group.y;

  for (var n = 0u; n < dispatch.batches; n++) {
    if (lane == 0u) {
      place = vec4u(progress[index].epoch, progress[index].batch, progress[index].step, progress[index].status);
    }
    let now = workgroupUniformLoad(&place);
    if (now.w != 0u) { break; }
    let here = batchAt(index, now);
    at = here;

    if (n == 0u || here.isFirstOfEpoch) {
    drawPermutation(lane);
    storageBarrier();
    }
    chooseRows(lane);
    storageBarrier();
    loadBatch(lane);
    storageBarrier();
    forward0(lane);
    storageBarrier();
    forward1(lane);
    storageBarrier();
    evaluateLoss(lane);
    storageBarrier();
    addTotals(lane);
    if (lane == 0u) { place.w = progress[index].status; }
    if (workgroupUniformLoad(&place).w != 0u) { largestOfTensors(lane); storageBarrier(); searchActivations(lane); storageBarrier(); tellNonFinite(lane); storageBarrier(); break; }
    countAnswers(lane);
    storageBarrier();
    if (here.isTraining) {
    inputGradient1(lane);
    parameterGradient1(lane);
    storageBarrier();
    parameterGradient0(lane);
    storageBarrier();
    largestOfGradients(lane);
    storageBarrier();
    squaresOfGradients(lane);
    storageBarrier();
    takeGradientNorm(lane);
    storageBarrier();
    }
    if (here.isProbed) {
    largestOfLayers(lane);
    countZeroGradients(lane);
    answer(lane);
    storageBarrier();
    squaresOfLayers(lane);
    probeUnits(lane);
    probeSamples(lane);
    storageBarrier();
    recordStep(lane);
    keepBefore(lane);
    storageBarrier();
    }
    if (here.isTraining) {
    updateParameters(lane);
    storageBarrier();
    }
    if (here.isProbed) {
    largestOfUpdates(lane);
    storageBarrier();
    squaresOfUpdates(lane);
    storageBarrier();
    recordUpdate(lane);
    storageBarrier();
    }
    if (here.isLastOfEpoch) {
    recordEpoch(lane);
    storageBarrier();
    recordCounts(lane);
    storageBarrier();
    endEpoch(lane);
    storageBarrier();
    largestOfTensors(lane);
    storageBarrier();
    tellNonFinite(lane);
    storageBarrier();
    }
    moveOn(lane);
  }
}

