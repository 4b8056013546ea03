// The values of a trial as people read them: "train.learningRate=0.01 units=8".

import { shown } from "../models/keras-objects.ts";

export function paramsText(params: Readonly<Record<string, unknown>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(" ");
}

export function valueText(value: unknown): string {
  return typeof value === "number" ? String(value) : shown(value);
}
