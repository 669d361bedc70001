/** What this site is told where it is deployed: `/config.json`, beside the page. */

export interface Config {
  /** Where the API is, without a slash at its end: `/api`. */
  readonly api: string;
  /** Given by the local cloud only; elsewhere people paste their own. */
  readonly token: string | null;
}

const DEFAULT: Config = { api: '/api', token: null };

export class ConfigProblem extends Error {}

export function parseConfig(json: unknown): Config {
  if (typeof json !== 'object' || json === null) throw new ConfigProblem('config.json is not an object.');
  const { api = DEFAULT.api, auth } = json as { api?: unknown; auth?: unknown };
  if (typeof api !== 'string') throw new ConfigProblem('config.json: “api” is not text.');
  const { mode = 'token', token } = (auth ?? {}) as { mode?: unknown; token?: unknown };
  if (mode !== 'token')
    throw new ConfigProblem(`config.json: auth mode “${String(mode)}” is unknown; “token” is known.`);
  return { api: api.replace(/\/+$/, ''), token: typeof token === 'string' && token ? token : null };
}

/** Fetch the configuration. A site without one talks to `/api` and asks people for a token. */
export async function loadConfig(fetcher: typeof fetch): Promise<Config> {
  let response: Response;
  try {
    response = await fetcher('/config.json', { cache: 'no-cache' });
  } catch {
    throw new ConfigProblem('The site cannot be reached: check the connection.');
  }
  if (response.status === 404 || response.status === 403) return DEFAULT;
  if (!response.ok) throw new ConfigProblem(`config.json was answered with ${response.status}.`);
  // S3 behind a single-page rule answers the page itself for a file that is not there.
  if (!response.headers.get('content-type')?.includes('json')) return DEFAULT;
  try {
    return parseConfig(await response.json());
  } catch (error) {
    if (error instanceof ConfigProblem) throw error;
    throw new ConfigProblem('config.json is not JSON.');
  }
}
