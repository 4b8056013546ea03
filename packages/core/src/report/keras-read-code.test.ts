import { expect, test } from "vitest";
import { readCode } from "./keras-read-code.ts";

const source = (path: string) => ({ kind: "table", path, encoding: "windows-1252" }) as const;

test.each([
  ["a.csv", 'table = pd.read_csv("a.csv", encoding="windows-1252", skipinitialspace=True)'],
  ["a.csv.gz", 'table = pd.read_csv("a.csv.gz", encoding="windows-1252", skipinitialspace=True)'],
  ["a.parquet", 'table = pd.read_parquet("a.parquet")'],
  ["a.feather", 'table = pd.read_feather("a.feather")'],
  ["a.json", 'table = pd.read_json("a.json")'],
  ["a.jsonl", 'table = pd.read_json("a.jsonl", lines=True)'],
])("%s is read by what reads its format", (path, line) => {
  expect(readCode(source(path), undefined)).toEqual([line]);
});

test("an archive of NumPy becomes the columns that it has here", () => {
  const [first, ...rest] = readCode(source("a.npz"), undefined);
  expect(first).toBe('arrays = dict(np.load("a.npz"))');
  expect(rest.join("\n")).toContain('f"{key}{j}"');
  expect(readCode(source("a.npy"), undefined)[0]).toBe('arrays = {"x": np.load("a.npy")}');
});
