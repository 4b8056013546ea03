import { expect, test } from "vitest";
import { parseAddress } from "./address.ts";

test.each([
  ["redis://127.0.0.1:6379", "redis://127.0.0.1:6379", false, true],
  ["redis://localhost/2", "redis://localhost/2", false, true],
  ["redis://[::1]:7000/", "redis://[::1]:7000", false, true],
  ["rediss://lab:secret@queue.example:6380", "rediss://queue.example:6380", true, false],
  ["redis://:secret@10.0.0.7", "redis://10.0.0.7", false, false],
])("%s is shown as %s", (url, shown, isEncrypted, isLoopback) => {
  expect(parseAddress(url)).toMatchObject({ url, shown, isEncrypted, isLoopback });
});

test("a password is taken out of any text, as it was typed and as it is", () => {
  const { withoutSecrets } = parseAddress("redis://lab:p%40ss@host");
  expect(withoutSecrets("AUTH p@ss failed for lab:p%40ss")).toBe("AUTH *** failed for lab:***");
});

test("without a password nothing is taken out", () => {
  expect(parseAddress("redis://host").withoutSecrets("as it is")).toBe("as it is");
});

test.each(["", "host:6379", "http://:secret@host", "redis://", "rediss:secret"])(
  "%j is refused, and not repeated",
  (text) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({
        code: "QUEUE_ADDRESS",
        message: expect.not.stringContaining("secret"),
      }),
    );
  },
);
