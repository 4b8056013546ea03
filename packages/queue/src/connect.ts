// Connections to the queue. The first one says what is wrong; those that follow come back by
// themselves when the network or the server was away for a while.

import { Redis } from "ioredis";
import { type Address, parseAddress } from "./address.ts";
import { QueueError } from "./errors.ts";

const CONNECT_MS = 5_000;
const RETRY_MS = { first: 200, most: 10_000 };

/** What BullMQ and this package connect with, once the queue has answered. */
export interface Connections {
  readonly address: Address;
  readonly options: ConnectionOptions;
  /** For what BullMQ does not do. */
  readonly redis: Redis;
}

interface ConnectionOptions {
  readonly url: string;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (times: number) => number;
}

/** @throws QueueError QUEUE_UNREACHABLE when nothing answers, or not to this password. */
export async function connect(url: string): Promise<Connections> {
  const address = parseAddress(url);
  await knock(address);
  const options: ConnectionOptions = {
    url,
    // BullMQ's workers wait for the server for as long as it takes, and so does everything else here.
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) =>
      Math.min(RETRY_MS.first * 2 ** Math.min(times, 10), RETRY_MS.most),
  };
  const { url: _, ...others } = options;
  const redis = new Redis(url, others);
  // Without a listener ioredis prints every attempt to connect again.
  redis.on("error", () => {});
  return { address, options, redis };
}

/** One connection that does not try again. */
async function knock(address: Address): Promise<void> {
  const redis = new Redis(address.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: Error | undefined;
  redis.on("error", (error: Error) => {
    cause ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const { message, code } = (cause ?? error) as Error & { code?: string };
    throw new QueueError(
      "QUEUE_UNREACHABLE",
      `the queue at ${address.shown} ${refusal(code, address.withoutSecrets(message))}`,
    );
  } finally {
    redis.disconnect();
  }
}

function refusal(code: string | undefined, message: string): string {
  if (code === "ECONNREFUSED") {
    return "does not answer: nothing listens there (Debian: apt-get install redis-server).";
  }
  if (code === "ENOTFOUND") return "does not answer: there is no machine of that name.";
  if (code === "ETIMEDOUT") return `does not answer within ${CONNECT_MS / 1000} s.`;
  if (/NOAUTH|WRONGPASS|NOPERM/.test(message)) {
    return "refuses the user or the password of its address (rediss://user:password@host:6379).";
  }
  if (/CERT|certificate|self[- ]signed/i.test(`${code} ${message}`)) {
    return `has a certificate that is not trusted here: ${message}. NODE_EXTRA_CA_CERTS names a file with the authority that signed it.`;
  }
  if (/SSL|TLS|ECONNRESET|packet length|wrong version/i.test(`${code} ${message}`)) {
    return `does not speak as its address says: ${message}. rediss:// is with TLS, redis:// without.`;
  }
  return `does not answer: ${message}.`;
}
