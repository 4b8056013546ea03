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
@group(0) @binding(4) var<storage, read_write> populationParameters: array<array<vec4f, 108>>;
@group(0) @binding(5) var<storage, read_write> progress: array<Progress>;
/** Loss, accuracy, validation loss, validation accuracy of each epoch. */
@group(0) @binding(6) var<storage, read_write> curves: array<vec4f>;
var<workgroup> populationValues: array<array<vec4f, 104>, 4>;

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
  let partRows = select(testRows, trainRows, isTraining);
  let first = 7u * select(batch - trainBatches, batch, isTraining);
  let rows = min(7u, partRows - first);
  let activeBlocks = min((rows + 7u) / 8u * 2u, 2u);
  let isLastOfEpoch = batch + 1u == trainBatches + testBatches;
  return Batch(now.x, now.z, isTraining, batch == 0u, isLastOfEpoch, partRows, first, rows, activeBlocks);
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

var<workgroup> place: array<vec4u, 4>;

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

fn drawPermutation(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var item = lane; item < 16u; item += 8u) {
    let key = permutationKey(networks[networkIndex].seed, at.epoch, networks[networkIndex].trainRows, item);
    (*values)[66u + item] = vec4f(vec3u(key.x, key.y >> 16u, key.y & 0xffffu).xyzz);
  }
}

/** Samples beyond the part repeat its last row. */
fn chooseRows(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  for (var block = lane; block < at.activeBlocks; block += 8u) {
    var row = min(vec4u(at.first + 4u * block) + vec4u(0u, 1u, 2u, 3u), vec4u(at.partRows - 1u));
    if (at.isTraining) {
      for (var round = 0u; round < 16u; round++) {
        let key = vec4u((*values)[66u + round]);
        row = swapOrNot(vec2u(key.x, (key.y << 16u) | key.z), row, at.partRows);
      }
    }
    (*values)[82u + block] = vec4f(row);
  }
}

fn loadBatch(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let inputs = select(networks[networkIndex].testInputs, networks[networkIndex].trainInputs, at.isTraining);
  let labels = select(networks[networkIndex].testLabels, networks[networkIndex].trainLabels, at.isTraining);
  for (var item = lane; item < 6u; item += 8u) {
    let feature = item / 2u;
    let block = item % 2u;
    if (block >= at.activeBlocks) { continue; }
    let valid = isInBatch(block);
    let row = vec4u((*values)[82u + block]);
    if (feature == 2u) {
      let label = vec4f(
        data[labels + row.x / 4u][row.x % 4u],
        data[labels + row.y / 4u][row.y % 4u],
        data[labels + row.z / 4u][row.z % 4u],
        data[labels + row.w / 4u][row.w % 4u],
      );
      (*values)[64u + block] = label;
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
  for (var item = lane; item < 16u; item += 8u) {
    let unit = item / 2u;
    let block = item % 2u;
    if (block >= activeBlocks) { continue; }
    var z = vec4f((*parameters)[16u + unit / 4u][unit % 4u]);
    for (var i = 0u; i < 5u; i++) {
      z += (*values)[0u + (i) * 2u + block] * (*parameters)[0u + (i) * 2u + unit / 4u][unit % 4u];
    }
    (*values)[16u + (unit) * 2u + block] = activate_tanh(z);
  }
}

fn forward1(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let training = at.isTraining;
  let activeBlocks = at.activeBlocks;
  for (var item = lane; item < 8u; item += 8u) {
    let unit = item / 2u;
    let block = item % 2u;
    if (block >= activeBlocks) { continue; }
    var z = vec4f((*parameters)[26u + unit / 4u][unit % 4u]);
    for (var i = 0u; i < 6u; i++) {
      z += (*values)[16u + (i) * 2u + block] * (*parameters)[18u + (i) * 1u + unit / 4u][unit % 4u];
    }
    (*values)[48u + (unit) * 2u + block] = z;
  }
}

fn outputLoss(p: vec4f, label: vec4f) -> vec4f { return max(p, vec4f()) - p * label + log1pUnit(exp(-abs(p))); }
fn outputSlope(p: vec4f, label: vec4f) -> vec4f { return select(sigmoid(p) - label, (1.0 - label) - sigmoid(-p), p > vec4f()); }

fn evaluateBlock(block: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let labels = (*values)[64u + block];
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
  (*values)[84u + block] = select(vec4f(), loss, valid);
  (*values)[86u + block] = select(vec4f(), vec4f(1.0), (predicted == labels) & valid);
}

fn evaluateLoss(lane: u32) {
  for (var block = lane; block < at.activeBlocks; block += 8u) { evaluateBlock(block); }
}

fn addTotals(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  if (lane != 0u) { return; }
  var losses = vec4f();
  var right = vec4f();
  for (var block = 0u; block < at.activeBlocks; block++) {
    losses += (*values)[84u + block];
    right += (*values)[86u + block];
  }
  let dataLoss = sumOfFour(losses) / f32(at.rows);
  let correct = u32(sumOfFour(right));
  

  let loss = dataLoss;
  if (at.isTraining) {
    progress[networkIndex].trainLoss += loss * f32(at.rows);
    progress[networkIndex].trainCorrect += correct;
    if (isNotFinite(vec4f(loss)).x) { progress[networkIndex].status = 2u; }
  } else {
    progress[networkIndex].testLoss += loss * f32(at.rows);
    progress[networkIndex].testCorrect += correct;
  }
}

fn inputGradient1(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let activeBlocks = at.activeBlocks;
  for (var item = lane; item < 16u; item += 8u) {
    let i = item / 2u;
    let block = item % 2u;
    if (block >= activeBlocks) { continue; }
    var sum = vec4f();
    for (var unit = 0u; unit < 1u; unit++) {
      sum += (*values)[56u + (unit) * 2u + block] * (*parameters)[18u + (i) * 1u + unit / 4u][unit % 4u];
    }
    (*values)[32u + (i) * 2u + block] = sum * slope_tanh((*values)[16u + (i) * 2u + block]);
  }
}

fn parameterGradient1(lane: u32) {
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];
  let activeBlocks = at.activeBlocks;
  for (var item = lane; item < 8u; item += 8u) {
    let i = item / 1u;
    let unitBlock = item % 1u;
    var sum = vec4f();
    for (var block = 0u; block < activeBlocks; block++) {
      let input = (*values)[16u + (i) * 2u + block];
      let g0 = (*values)[56u + (4u * unitBlock + 0u) * 2u + block];
      let g1 = (*values)[56u + (4u * unitBlock + 1u) * 2u + block];
      let g2 = (*values)[56u + (4u * unitBlock + 2u) * 2u + block];
      let g3 = (*values)[56u + (4u * unitBlock + 3u) * 2u + block];
      for (var c = 0u; c < 4u; c++) {
        sum += input[c] * vec4f(g0[c], g1[c], g2[c], g3[c]);
      }
    }
    (*parameters)[18u + (i) * 1u + unitBlock + 27u] = sum;
  }
  for (var unitBlock = lane; unitBlock < 1u; unitBlock += 8u) {
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
  for (var item = lane; item < 16u; item += 8u) {
    let i = item / 2u;
    let unitBlock = item % 2u;
    var sum = vec4f();
    for (var block = 0u; block < activeBlocks; block++) {
      let input = (*values)[0u + (i) * 2u + block];
      let g0 = (*values)[32u + (4u * unitBlock + 0u) * 2u + block];
      let g1 = (*values)[32u + (4u * unitBlock + 1u) * 2u + block];
      let g2 = (*values)[32u + (4u * unitBlock + 2u) * 2u + block];
      let g3 = (*values)[32u + (4u * unitBlock + 3u) * 2u + block];
      for (var c = 0u; c < 4u; c++) {
        sum += input[c] * vec4f(g0[c], g1[c], g2[c], g3[c]);
      }
    }
    (*parameters)[0u + (i) * 2u + unitBlock + 27u] = sum;
  }
  for (var unitBlock = lane; unitBlock < 2u; unitBlock += 8u) {
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
  for (var i = lane; i < 27u; i += 8u) {
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

@compute @workgroup_size(32)
fn trainPopulation(@builtin(local_invocation_index) invocation: u32, @builtin(workgroup_id) group: vec3u) {
  let member = invocation / 8u;
  let lane = invocation % 8u;
  let slot = group.y * 4u + member;
  // The last workgroup may have lanes for more networks than there are.
  let isThere = slot < dispatch.networks;
  let index = select(0u, dispatch.alive[slot / 4u][slot % 4u], isThere);
  networkIndex = index;
  valueSlot = member;

  for (var n = 0u; n < dispatch.batches; n++) {
    if (lane == 0u) {
      let status = select(1u, progress[index].status, isThere);
      place[member] = vec4u(progress[index].epoch, progress[index].batch, progress[index].step, status);
    }
    let places = workgroupUniformLoad(&place);
    if (places[0].w != 0u && places[1].w != 0u && places[2].w != 0u && places[3].w != 0u) { break; }
    let now = places[member];
    var trains = now.w == 0u;
    let here = batchAt(index, now);
    at = here;

    if (trains && (n == 0u || here.isFirstOfEpoch)) { drawPermutation(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { chooseRows(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { loadBatch(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { forward0(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { forward1(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { evaluateLoss(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { addTotals(lane); }
    if (trains && lane == 0u) { place[member].w = progress[index].status; }
    workgroupBarrier();
    let goesOn = place[member].w == 0u;
    trains = trains && goesOn;
    if (trains && (here.isTraining)) { inputGradient1(lane); }
    if (trains && (here.isTraining)) { parameterGradient1(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains && (here.isTraining)) { parameterGradient0(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains && (here.isTraining)) { updateParameters(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains && (here.isLastOfEpoch)) { endEpoch(lane); }
    workgroupBarrier(); storageBarrier();
    if (trains) { moveOn(lane); }
  }
}

