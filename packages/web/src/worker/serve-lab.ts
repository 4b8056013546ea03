// The worker's side of its port: sessions by number, calls one after the other in each.

import type { Calls, Request, Response, SentError } from "../messages.ts";
import { Engines } from "./open-engine.ts";
import { Session } from "./session.ts";
import { Turns } from "./turns.ts";

export interface LabPort {
  post(message: Request | Response, transfer?: Transferable[]): void;
  onMessage(handler: (message: unknown) => void): void;
}

export function serveLab(port: LabPort): void {
  const shared = { engines: new Engines(), turns: new Turns() };
  const sessions = new Map<number, Session>();
  const post = (response: Response, transfer?: Transferable[]) => port.post(response, transfer);

  const sessionOf = (id: number) => {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const session = new Session(shared, (event, transfer) =>
      post({ kind: "tell", session: id, event }, transfer),
    );
    sessions.set(id, session);
    return session;
  };

  port.onMessage(async (message) => {
    const request = message as Request;
    const session = sessionOf(request.session);
    if (request.kind === "control") {
      session.control(request.control);
      if (request.control === "close") sessions.delete(request.session);
      return;
    }
    const { id, name, args } = request;
    try {
      const call = session[name] as (
        ...args: readonly unknown[]
      ) => Promise<ReturnType<Calls[typeof name]>>;
      post({ kind: "result", id, value: await call.apply(session, [...args]) });
    } catch (error) {
      post({ kind: "error", id, error: await sentError(error) });
    }
  });
  post({ kind: "ready" });
}

async function sentError(thrown: unknown): Promise<SentError> {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, code } = error as Error & { code?: unknown };
  const problems = name === "SpecError" ? await problemsOfSpec(error) : [];
  return { name, message, code: typeof code === "string" ? code : null, problems };
}

async function problemsOfSpec(error: Error) {
  const { problemsOf } = await import("./experiment.ts");
  return problemsOf(error as Parameters<typeof problemsOf>[0]);
}
