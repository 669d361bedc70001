/** One way to ask the API, and one shape for everything that can go wrong. */

export interface FieldError {
  readonly parameter: string;
  readonly detail: string;
  /** What was probably meant. */
  readonly suggestion: string | null;
  /** Of a text: where, both from 1. */
  readonly line: number | null;
  readonly column: number | null;
}

/** An answer that is none. `status` 0: nobody answered. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    title: string,
    detail: string,
    errors: readonly FieldError[] = [],
    retryAfterSeconds: number | null = null,
  ) {
    super(detail || title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Trying the same again can help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A question: the same `path` and `body` have the same answer, so a body makes a POST that changes nothing. */
export interface Ask {
  readonly path: string;
  readonly body?: unknown;
  /** Whole numbers that a number here cannot hold are answered as text, with every digit. */
  readonly exact?: boolean;
}

/** Something that changes what is there. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** The ETag of what one has seen: the change is refused (412) when somebody else was faster. */
  readonly ifMatch?: string | null;
  /** Sent again with the same key, a POST happens once. */
  readonly idempotencyKey?: string;
  /** As for a question. */
  readonly exact?: boolean;
}

export interface Reply {
  readonly status: number;
  /** Null where the answer has no body. */
  readonly json: unknown;
  readonly etag: string | null;
  readonly location: string | null;
}

export interface FileReply {
  readonly blob: Blob;
  /** As the API calls it; null when it does not. */
  readonly name: string | null;
}

export interface Client {
  ask(ask: Ask, signal: AbortSignal): Promise<Reply>;
  change(change: Change, signal?: AbortSignal): Promise<Reply>;
  /** The version that this page's own last change has made of what stands at a path. */
  wrote(path: string): string | null;
  /** A file: of a path (GET), or of a question (a body, POST). */
  file(ask: Ask, accept: string, signal: AbortSignal): Promise<FileReply>;
}

/** Whoever answers for a refused token: a better one, or null when there is none to be had. It may take until somebody
 * has signed in again. */
export type Renew = (reason: string, refused: string) => Promise<string | null>;

/** Somebody who pastes a wrong token may paste another. */
const MOST_RENEWALS = 5;

/** A client of one API. `token` is read for each request; `renew` is asked for each that is answered 401, and the request
 * repeated with what it answers. */
export function createClient(api: string, token: () => string, fetcher: typeof fetch, renew: Renew): Client {
  const send = async (path: string, init: RequestInit, accept: string): Promise<Response> => {
    const attempt = (key: string) => request(`${api}${path}`, key, fetcher, init, accept);
    let key = token();
    let response = await attempt(key);
    for (let round = 0; response.status === 401 && round < MOST_RENEWALS; round += 1) {
      const problem = await problemOf(response.clone());
      const better = await renew(problem.detail || problem.title, key);
      if (better === null) break;
      key = better;
      response = await attempt(key);
    }
    if (response.type === 'opaqueredirect') throw elsewhere();
    if (!response.ok) throw await problemOf(response);
    return response;
  };
  const wrote = new Map<string, string>();
  return {
    ask: async ({ path, body, exact }, signal) =>
      replyOf(await send(path, question(body, signal), JSON_TYPE), exact, signal),
    change: async (change, signal) => {
      const reply = await replyOf(await send(change.path, changing(change, signal), JSON_TYPE), change.exact, signal);
      if (reply.etag !== null && change.method !== 'POST') wrote.set(change.path, reply.etag);
      return reply;
    },
    wrote: (path) => wrote.get(path) ?? null,
    file: async ({ path, body }, accept, signal) => {
      const response = await send(path, { ...question(body, signal), redirect: 'manual' }, accept);
      return { blob: await response.blob(), name: fileName(response.headers.get('content-disposition')) };
    },
  };
}

const JSON_TYPE = 'application/json';

/** A file that is behind a link: the policy keeps scripts to this site, and a script does not learn where it leads. */
function elsewhere(): ApiProblem {
  return new ApiProblem(
    303,
    'The file lies elsewhere',
    'It is too large to be answered at once: make an export of it.',
  );
}

function question(body: unknown, signal: AbortSignal): RequestInit {
  // no-cache: the browser asks with the ETag that it has, and an unchanged answer costs a 304.
  if (body === undefined) return { signal, cache: 'no-cache' };
  return { signal, method: 'POST', body: JSON.stringify(body), headers: { 'content-type': JSON_TYPE } };
}

function changing({ method, body, ifMatch, idempotencyKey }: Change, signal?: AbortSignal): RequestInit {
  return {
    method,
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      ...(body === undefined ? {} : { 'content-type': JSON_TYPE }),
      ...(ifMatch ? { 'if-match': ifMatch } : {}),
      ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
    },
  };
}

async function request(url: string, token: string, fetcher: typeof fetch, init: RequestInit, accept: string) {
  const headers = { ...(init.headers as Record<string, string>), accept, authorization: `Bearer ${token}` };
  try {
    return await fetcher(url, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem(0, 'No answer', 'The API could not be reached.');
  }
}

async function replyOf(response: Response, exact = false, signal?: AbortSignal): Promise<Reply> {
  const { status, headers } = response;
  const rest = { status, etag: headers.get('etag'), location: headers.get('location') };
  try {
    const text = await response.text();
    return { ...rest, json: text ? (exact ? exactJson(text) : (JSON.parse(text) as unknown)) : null };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiProblem(status, 'Not an answer', 'The API answered something that is not JSON.');
  }
}

/** A text of JSON, or a number of it. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const WHOLE = /^-?\d{16,}$/;

/** JSON whose whole numbers beyond 2^53 are text: a number would change their last digits. They are put in quotes before
 * anything is read, for not every browser tells afterwards how a number was written. */
export function exactJson(text: string): unknown {
  return JSON.parse(
    text.replace(TEXT_OR_NUMBER, (one) => (WHOLE.test(one) && !Number.isSafeInteger(Number(one)) ? `"${one}"` : one)),
  ) as unknown;
}

/** `attachment; filename="downloads.csv"` → `downloads.csv`. */
export function fileName(disposition: string | null): string | null {
  return /filename="([^"]+)"/.exec(disposition ?? '')?.[1] ?? null;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const fields = await body(response);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const errors = Array.isArray(fields.errors) ? fields.errors : [];
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiProblem(
    response.status,
    text(fields.title) || `The API answered ${response.status}`,
    text(fields.detail) || text(fields.message),
    errors.flatMap(fieldError),
    Number.isFinite(wait) ? wait : null,
  );
}

async function body(response: Response): Promise<Record<string, unknown>> {
  try {
    const json: unknown = await response.json();
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function fieldError(value: unknown): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  const { parameter, detail, suggestion, line, column } = value as Record<string, unknown>;
  if (typeof parameter !== 'string' || typeof detail !== 'string') return [];
  const count = (n: unknown) => (typeof n === 'number' ? n : null);
  return [
    {
      parameter,
      detail,
      suggestion: typeof suggestion === 'string' ? suggestion : null,
      line: count(line),
      column: count(column),
    },
  ];
}
