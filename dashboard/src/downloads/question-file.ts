/** The whole answer of a question as a file, as the API makes it: what is small at once, all else as an export, which is
 * made while one waits. */

import { ApiProblem, type Ask, type Client } from '../api/client.ts';
import { contract, isObject, maybeText, oneOf, text } from '../api/json.ts';

export const FILE_FORMS = ['csv', 'xlsx', 'pdf', 'parquet'] as const;
export type FileForm = (typeof FILE_FORMS)[number];

/** A file that is here, or a link to one (good for 15 minutes). */
export type QuestionFile =
  { readonly blob: Blob; readonly name: string | null } | { readonly link: string; readonly name: string };

export interface Export {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly name: string;
  readonly link: string | null;
  readonly error: string | null;
}

export function parseExport(json: unknown): Export {
  if (!isObject(json)) throw contract('an export is no object');
  const state = oneOf(['queued', 'running', 'done', 'failed'] as const, json.state);
  const id = text(json.id);
  if (!state || !id) throw contract('an export has no id, or no state that is known');
  const link = maybeText(json.link);
  // A link is followed by the browser: nothing but a page's address may be.
  if (link && !/^https?:\/\//i.test(link)) throw contract('the link of an export is no address');
  return { id, state, name: text(json.filename), link, error: maybeText(json.error) };
}

export interface Waiting {
  readonly signal: AbortSignal;
  /** How the export stands, whenever that is new. */
  readonly onState: (state: Export['state']) => void;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly key: () => string;
}

const FIRST_LOOK_MS = 400;
const LATEST_LOOK_MS = 3_000;

/** A CSV that is answered at once costs one request; Excel and PDF are always behind a link, which only the browser
 * itself may follow (the policy keeps scripts to this site), so that they are exports from the start. */
export async function questionFile(client: Client, ask: Ask, form: FileForm, waiting: Waiting): Promise<QuestionFile> {
  if (form === 'csv') {
    const small = await smallFile(client, ask, waiting.signal);
    if (small) return small;
  }
  return await exported(client, ask, form, waiting);
}

async function smallFile(client: Client, { path, body }: Ask, signal: AbortSignal): Promise<QuestionFile | null> {
  try {
    return await client.file({ path, body: { ...(body as object), format: 'csv' } }, 'text/csv', signal);
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 303 || error.status === 422)) return null;
    throw error;
  }
}

async function exported(client: Client, { body }: Ask, form: FileForm, waiting: Waiting): Promise<QuestionFile> {
  const { signal, onState, wait, key } = waiting;
  const wish = {
    method: 'POST',
    path: '/v1/exports',
    body: { query: body, format: form },
    idempotencyKey: key(),
  } as const;
  let standing = parseExport((await client.change(wish, signal)).json);
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LATEST_LOOK_MS, pause * 1.5)) {
    onState(standing.state);
    if (standing.state === 'failed')
      throw new ApiProblem(200, 'The file could not be made', standing.error ?? 'The API does not say why.');
    if (standing.link) return { link: standing.link, name: standing.name };
    await wait(pause, signal);
    const path = `/v1/exports/${encodeURIComponent(standing.id)}`;
    standing = parseExport((await client.ask({ path }, signal)).json);
  }
}
