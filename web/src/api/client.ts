/** The server, typed by its own description. */
import type { Fault, Gets, Refusal } from "./types";

export type Path = keyof Gets;
export type Ask<P extends Path> = Gets[P]["ask"];
export type Said<P extends Path> = Gets[P]["answer"];
type Value = string | number | boolean | null | undefined | readonly (string | number)[];

/** Why there is no answer: all problems at once. `cannot`: the question is sound, the data cannot answer it. */
export class Refused extends Error {
  constructor(
    readonly problems: Fault[],
    readonly status: number,
    readonly cannot = false,
  ) {
    super(problems.map((p) => p.what).join("; "));
  }
}

/** The address of a question; `names` fill the braces of its path. */
export function url(path: string, ask: object = {}, names: Record<string, string> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(ask) as [string, Value][]) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  const said = query.toString();
  return `/api/${filled}${said ? `?${said}` : ""}`;
}

export async function get<P extends Path>(
  path: P,
  ask: Ask<P>,
  names: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Said<P>> {
  return (await answered(url(path, ask, names), { signal })) as Said<P>;
}

/** Send what changes something: JSON, bytes, or nothing. */
export async function send<T>(method: "POST" | "DELETE", path: string, body?: object | Blob): Promise<T> {
  const bytes = body instanceof Blob;
  const headers: Record<string, string> = { "X-Zizhu": "1" };
  if (body) headers["Content-Type"] = bytes ? "application/octet-stream" : "application/json";
  return (await answered(path, { method, headers, body: bytes || !body ? body : JSON.stringify(body) })) as T;
}

async function answered(address: string, init: RequestInit): Promise<unknown> {
  const broken = (error: unknown): never => {
    // a question that was given up, before its answer or in the midst of it, is no fault
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused([silent(address)], 0);
  };
  const response = await fetch(address, init).catch(broken);
  if (response.ok) return await response.json().catch(broken);
  const refusal = (await response.json().catch(() => null)) as Partial<Refusal> | null;
  throw new Refused(refusal?.problems ?? [silent(address)], response.status, refusal?.cannot);
}

function silent(address: string): Fault {
  return {
    what: "the server does not answer",
    where: address.slice(0, 200),
    expected: "an answer",
    remedy: "See whether `zizhu serve` still runs, then try again.",
  };
}
