import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFolder } from "./folder-lock.ts";

const newFolder = () => mkdtempSync(join(tmpdir(), "clab-lock-"));
const here = hostname().replace(/[^\w-]/g, "_");

test("the lock is there while it is held, and gone after", () => {
  const folder = newFolder();
  const lock = lockFolder(folder);
  expect(readdirSync(folder)).toEqual([`lock.${here}.${process.pid}`]);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("a process that lives keeps others out, and its file stays", () => {
  const folder = newFolder();
  // The process that started this one lives as long as it does.
  writeFileSync(join(folder, `lock.${here}.${process.ppid}`), "");
  expect(() => lockFolder(folder)).toThrow(`process ${process.ppid} on ${here} writes into`);
  expect(readdirSync(folder)).toEqual([`lock.${here}.${process.ppid}`]);
});

test("the lock of a process that has ended is taken away", () => {
  const folder = newFolder();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(join(folder, `lock.${here}.${pid}`), "");
  lockFolder(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

test("another machine's process counts as ended after two minutes without a sign", () => {
  const folder = newFolder();
  const path = join(folder, "lock.elsewhere.17");
  writeFileSync(path, "");
  expect(() => lockFolder(folder)).toThrow("process 17 on elsewhere writes into");
  const before = new Date(Date.now() - 121_000);
  utimesSync(path, before, before);
  lockFolder(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});
