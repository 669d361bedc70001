/** Numbers that look like a company's, made from nothing but the time and a name: the same every time. */

export const HOSTILE_NAME = '<img src=x onerror="window.hacked=1"> ‮evil‬ 🦊 שלום ' + 'very-long-'.repeat(30);

const VERSIONS = ['3.5.0', '3.4.2', '3.4.1', '3.4.0', '3.3.3', '3.3.2', '3.2.0', '3.1.0', '3.0.4', '2.9.7', '2.9.6'];
const REPOSITORIES: Record<string, number> = {
  'acme/gauge': 4120,
  'acme/pipeline': 2480,
  'acme/lens': 1310,
  'acme/docs': 260,
};

const DAY = 86_400_000;
const EPOCH = Date.UTC(2026, 0, 1);

/** A number in [0, 1) that depends on its seed only. */
export function noise(seed: string): number {
  let hash = 2166136261;
  for (const letter of seed) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** What a counter counted in one quarter of an hour. */
export function counted(metric: string, group: string, quarter: number): number {
  const day = (quarter - EPOCH) / DAY;
  const weekday = new Date(quarter).getUTCDay();
  const week = weekday === 0 || weekday === 6 ? 0.45 : 1;
  const hour = 0.6 + 0.4 * Math.sin(((quarter % DAY) / DAY) * 2 * Math.PI - 1.8);
  const mean = rate(metric, group, day) * week * hour;
  return mean <= 0 ? 0 : Math.floor(mean + noise(`${metric} ${group} ${String(quarter)}`));
}

function rate(metric: string, group: string, day: number): number {
  if (metric !== 'downloads') return { pushes: 0.5, issues_opened: 0.06, pull_requests_opened: 0.09 }[metric] ?? 0.07;
  const index = VERSIONS.indexOf(group);
  const release = 316 - index * 27; // a version comes, is taken up, and fades as the next one comes
  const age = day - release;
  return age < 0 ? -1 : 7 * Math.min(1, age / 6) * Math.exp(-age / 42) + 0.25;
}

/** What a gauge showed at an instant. */
export function shown(metric: string, group: string, at: number): number {
  const base = REPOSITORIES[group] ?? 40;
  const day = (at - EPOCH) / DAY;
  const scale = { stars: 1, forks: 0.13, watchers: 0.05 }[metric];
  if (scale === undefined)
    return Math.round(6 + 5 * Math.sin(day / 6 + base) + 3 * noise(`${group} ${String(Math.floor(day))}`));
  return Math.round(
    scale * base * (1 + day / 900) + (day > 300 && group === 'acme/lens' ? scale * (day - 300) * 9 : 0),
  );
}

export function groupsOf(dimension: string | null): string[] {
  if (dimension === 'version') return VERSIONS;
  return Object.keys(REPOSITORIES);
}
