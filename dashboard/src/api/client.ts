/** One way to ask the API, and one shape for everything that can go wrong. */

export interface FieldError {
  readonly parameter: string;
  readonly detail: string;
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

export interface Client {
  get(path: string, signal: AbortSignal): Promise<unknown>;
}

/** A client for one token. `onRefused` is told of every 401, with the reason. */
export function createClient(
  api: string,
  token: string,
  fetcher: typeof fetch,
  onRefused: (reason: string) => void,
): Client {
  return {
    async get(path, signal) {
      const response = await ask(`${api}${path}`, token, fetcher, signal);
      const problem = response.ok ? null : await problemOf(response);
      if (problem?.status === 401) onRefused(problem.detail || problem.title);
      if (problem) throw problem;
      try {
        return (await response.json()) as unknown;
      } catch (error) {
        if (signal.aborted) throw error;
        throw new ApiProblem(response.status, 'Not an answer', 'The API answered something that is not JSON.');
      }
    },
  };
}

async function ask(url: string, token: string, fetcher: typeof fetch, signal: AbortSignal): Promise<Response> {
  try {
    // no-cache: the browser asks with the ETag that it has, and an unchanged answer costs a 304.
    return await fetcher(url, {
      signal,
      cache: 'no-cache',
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiProblem(0, 'No answer', 'The API could not be reached.');
  }
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
    errors.filter(isFieldError),
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

function isFieldError(value: unknown): value is FieldError {
  const field = value as FieldError | null;
  return typeof field?.parameter === 'string' && typeof field.detail === 'string';
}
