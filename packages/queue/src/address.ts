// Where a queue is: redis://host, rediss:// with TLS, a user and a password inside. The address that
// is shown has neither.

import { QueueError } from "./errors.ts";

export interface Address {
  /** With everything in it. */
  readonly url: string;
  /** Without user and password. */
  readonly shown: string;
  readonly isEncrypted: boolean;
  readonly isLoopback: boolean;
  /** Text with the password taken out, as it stands in the address and as it is. */
  withoutSecrets(text: string): string;
}

/** @throws QueueError QUEUE_ADDRESS, without the address: it may hold a password. */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new QueueError(
      "QUEUE_ADDRESS",
      "the queue has no address that this understands; it is redis://host:6379, or rediss://user:password@host:6379 with TLS.",
    );
  }
  const secrets = [url.password, decode(url.password)].filter((secret) => secret !== "");
  return {
    url: text,
    shown: `${url.protocol}//${url.host}${url.pathname.replace(/^\/$/, "")}`,
    isEncrypted: url.protocol === "rediss:",
    isLoopback: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname),
    withoutSecrets: (says) =>
      secrets.reduce((kept, secret) => kept.replaceAll(secret, "***"), says),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
