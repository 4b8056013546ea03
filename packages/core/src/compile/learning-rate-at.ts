// The learning rate of each step. Schedules are evaluated here, once, in float64, and engines read
// a table; so every engine steps with the same numbers, and a new schedule touches no kernel.

import type { LearningRate, LearningRateSchedule } from "../spec/learning-rate-schedule.ts";

/** Rates of steps 0 .. steps - 1, rounded to float32. A constant is a table of one. */
export function learningRateTable(learningRate: LearningRate, steps: number): Float32Array {
  if (typeof learningRate === "number") return Float32Array.of(learningRate);
  return Float32Array.from({ length: steps }, (_, step) => learningRateAt(learningRate, step));
}

/**
 * The rate of optimizer step `step` (the first is 0). Formulas: Keras 3,
 * `keras/src/optimizers/schedules/learning_rate_schedule.py`; one-cycle: Smith and Topin, "Super-
 * convergence", 2018, with the cosine annealing and divisors of PyTorch's OneCycleLR.
 */
export function learningRateAt(schedule: LearningRateSchedule, step: number): number {
  switch (schedule.schedule) {
    case "piecewiseConstant": {
      const i = schedule.boundaries.findIndex((boundary) => step <= boundary);
      return schedule.values[i === -1 ? schedule.values.length - 1 : i];
    }
    case "exponential": {
      const periods = periodsOf(step, schedule);
      return schedule.initial * schedule.decayRate ** periods;
    }
    case "inverseTime": {
      const periods = periodsOf(step, schedule);
      return schedule.initial / (1 + schedule.decayRate * periods);
    }
    case "polynomial": {
      const { initial, end, power, cycle, decaySteps } = schedule;
      const period = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
      const left = 1 - Math.min(step, period) / period;
      return (initial - end) * left ** power + end;
    }
    case "cosine": {
      const { initial, alpha, warmupSteps, decaySteps } = schedule;
      const target = schedule.warmupTarget ?? initial;
      if (step < warmupSteps && schedule.warmupTarget !== undefined) {
        return initial + (target - initial) * (step / warmupSteps);
      }
      const offset = schedule.warmupTarget === undefined ? 0 : warmupSteps;
      const done = Math.min(step - offset, decaySteps) / decaySteps;
      return target * ((1 - alpha) * cosineFall(done) + alpha);
    }
    case "cosineRestarts": {
      const { initial, firstDecaySteps, tMul, mMul, alpha } = schedule;
      const { restart, done } = restartOf(step / firstDecaySteps, tMul);
      return initial * ((1 - alpha) * mMul ** restart * cosineFall(done) + alpha);
    }
    case "oneCycle": {
      const { peak, totalSteps, upShare, initialDivisor, finalDivisor } = schedule;
      const first = peak / initialDivisor;
      const last = first / finalDivisor;
      const top = upShare * totalSteps - 1;
      if (step <= top) return peak + (first - peak) * cosineFall(step / top);
      const done = Math.min((step - top) / (totalSteps - 1 - top), 1);
      return last + (peak - last) * cosineFall(done);
    }
  }
}

function periodsOf(step: number, decay: { decaySteps: number; staircase: boolean }): number {
  const periods = step / decay.decaySteps;
  return decay.staircase ? Math.floor(periods) : periods;
}

/** From 1 at 0 to 0 at 1. */
function cosineFall(done: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * done));
}

/** Which restart a position (in units of the first period) falls into, and how far it is. */
function restartOf(position: number, tMul: number): { restart: number; done: number } {
  if (tMul === 1) return { restart: Math.floor(position), done: position % 1 };
  const restart = Math.floor(Math.log(1 - position * (1 - tMul)) / Math.log(tMul));
  const start = (1 - tMul ** restart) / (1 - tMul);
  return { restart, done: (position - start) / tMul ** restart };
}
