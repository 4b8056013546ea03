import { expect, test } from "vitest";
import { sharedLab, shareHash } from "./share.ts";

test("a link gives back what was put into it, to the lab of its name alone", async () => {
  const lab = { preset: "dead-units", spec: { name: "dead-units", title: "a: b & <c>" } };
  const hash = await shareHash("my lab:1", lab);
  expect(hash).toMatch(/^#lab=my%20lab%3A1:[\w-]+$/);
  expect(await sharedLab("my lab:1", hash)).toEqual(lab);
  expect(await sharedLab("other", hash)).toBeUndefined();
});

test.each(["", "#", "#lab=0:", "#lab=0:AAAA", "#lab=0:!!", "#lab=%:AAAA", "#section"])(
  "%j holds none",
  async (hash) => {
    expect(await sharedLab("0", hash)).toBeUndefined();
  },
);

test("what would unpack to more than a spec is left alone", async () => {
  const hash = await shareHash("0", { spec: "x".repeat(5_000_000) });
  expect(hash.length).toBeLessThan(10_000);
  expect(await sharedLab("0", hash)).toBeUndefined();
});
