/** What this site is told where it is deployed: `/config.json`, beside the page. */

/** Where people sign in, and as which site. There is no secret in it. */
export interface Pool {
  /** The address of the pool's own pages, without a slash at its end. */
  readonly domain: string;
  readonly clientId: string;
}

export interface Config {
  /** Where the API is, without a slash at its end: `/api`. */
  readonly api: string;
  /** Null: there is no pool, people paste API tokens. */
  readonly pool: Pool | null;
  /** Given by the local cloud only. */
  readonly token: string | null;
}

const DEFAULT: Config = { api: '/api', pool: null, token: null };

export class ConfigProblem extends Error {}

export function parseConfig(json: unknown): Config {
  if (typeof json !== 'object' || json === null) throw new ConfigProblem('config.json is not an object.');
  const { api = DEFAULT.api, auth } = json as { api?: unknown; auth?: unknown };
  if (typeof api !== 'string') throw new ConfigProblem('config.json: “api” is not text.');
  const { mode = 'token', ...rest } = (auth ?? {}) as Record<string, unknown>;
  const config = { ...DEFAULT, api: withoutSlash(api) };
  if (mode === 'token') return { ...config, token: typeof rest.token === 'string' && rest.token ? rest.token : null };
  if (mode === 'cognito') return { ...config, pool: parsePool(rest) };
  throw new ConfigProblem(`config.json: auth mode “${String(mode)}” is unknown; “token” and “cognito” are known.`);
}

function parsePool({ domain, client_id: clientId }: Record<string, unknown>): Pool {
  if (typeof domain !== 'string' || !/^https?:\/\/[^/]+\/?$/.test(domain))
    throw new ConfigProblem('config.json: “domain” is not an address such as https://login.example.com.');
  if (typeof clientId !== 'string' || !clientId) throw new ConfigProblem('config.json: “client_id” is missing.');
  return { domain: withoutSlash(domain), clientId };
}

const withoutSlash = (address: string) => address.replace(/\/+$/, '');

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
