/**
 * What pages of the company's web sites say of their visitors: views, time, links, downloads, events of their own.
 *
 * Keeps nothing in the browser (unless the page says `data-id`), sends nothing for who does not want to be tracked, and
 * leaves out of every address what the server would drop. Each event has an id, so that one sent twice is stored once.
 */

type Kind = 'view' | 'engagement' | 'outbound' | 'download' | 'event';
type Said = Record<string, unknown>;
type Headwater = ((name: string, properties?: Said) => void) & { q?: [string, Said?][] };

declare global {
  interface Window {
    headwater?: Headwater;
  }
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}

const AT_ONCE = 25;
const RETRY_AFTER_MS = 3000;
const FILES = /\.(zip|t?gz|bz2|xz|7z|dmg|pkg|msi|exe|deb|rpm|apk|iso|whl|jar|pdf|csv|xlsx?|docx?|pptx?|epub|mp[34])$/i;

const script = document.currentScript as HTMLScriptElement | null;

function start(from: HTMLScriptElement): void {
  const to = from.dataset['to'] ?? new URL('api/b', from.src).href;
  const identified = from.dataset['id'] === undefined ? {} : own();
  /** What waits to be sent, each with how often it was. */
  const waiting: [Said, number][] = [];
  let view = '';
  let path = '';
  let referrer = plain(document.referrer);
  let visibleSince: number | null = null;

  function say(kind: Kind, more: Said): void {
    const id = random();
    if (kind === 'view') view = id;
    const said = { id, kind, view, at: Date.now(), url: address(), ...more, ...identified };
    waiting.push([said, 0]);
  }

  /** Send what waits; a page that goes away can only hand it over. */
  function send(leaving?: boolean): void {
    while (waiting.length) {
      const some = waiting.splice(0, AT_ONCE);
      const body = JSON.stringify({ sent: Date.now(), events: some.map(([said]) => said) });
      if (leaving && navigator.sendBeacon(to, body)) continue;
      fetch(to, { method: 'POST', body, keepalive: true, credentials: 'omit' })
        .then(({ status }) => {
          if (status === 429 || status > 499) throw new Error();
        })
        .catch(() => {
          // Once more, now or when the page goes away.
          const again = some.filter(([, tried]) => !tried).map(([said]): [Said, number] => [said, 1]);
          waiting.push(...again);
          if (again.length) setTimeout(send, RETRY_AFTER_MS);
        });
    }
  }

  /** Note for how long the page was looked at since it was last asked. */
  function rest(): void {
    if (visibleSince === null) return;
    const duration_ms = Math.round(performance.now() - visibleSince);
    visibleSince = null;
    if (duration_ms) say('engagement', { duration_ms, url: `${location.origin}${path}` });
  }

  function look(): void {
    if (document.visibilityState === 'visible') visibleSince ??= performance.now();
  }

  function arrive(): void {
    if (location.pathname === path) return;
    rest();
    // A page that a script draws gets its title later: until then it has that of the page before.
    const title = path ? undefined : document.title.slice(0, 500);
    if (path) referrer = `${location.origin}${path}`;
    path = location.pathname;
    say('view', { referrer, title });
    look();
    send();
  }

  function leave(): void {
    rest();
    send(true);
  }

  function follow(event: Event): void {
    const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a[href]');
    if (!link || !/^https?:/.test(link.protocol)) return;
    const file = link.hasAttribute('download') || FILES.test(link.pathname);
    if (!file && link.host === location.host) return;
    say(file ? 'download' : 'outbound', { target: plain(link.href) });
    send(true);
  }

  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name].bind(history);
    history[name] = (...given): void => {
      original(...given);
      arrive();
    };
  }
  addEventListener('popstate', arrive);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    path = '';
    arrive();
  });
  addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') leave();
      else look();
    },
    true,
  );
  addEventListener('click', follow, true);
  addEventListener('auxclick', follow, true);

  arrive();
  const early = window.headwater?.q ?? [];
  window.headwater = (name, properties): void => {
    say('event', { name, properties });
    send();
  };
  for (const [name, properties] of early) window.headwater(name, properties);
}

/** The page's address without what is dropped anyway. */
function address(): string {
  const kept = new URLSearchParams(location.search);
  for (const name of [...kept.keys()]) if (!name.startsWith('utm_')) kept.delete(name);
  const query = kept.toString();
  return `${location.origin}${location.pathname}${query && `?${query}`}`;
}

function plain(url: string): string {
  return url.replace(/[?#].*/, '');
}

function random(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The site's own id of this browser and since when it has it, where the site opted in; none where it may keep nothing. */
function own(): Said {
  try {
    const kept = localStorage.getItem('headwater') ?? `${random()} ${new Date().toISOString().slice(0, 10)}`;
    localStorage.setItem('headwater', kept);
    const [first_party_id, first_seen] = kept.split(' ');
    return { first_party_id, first_seen };
  } catch {
    return {};
  }
}

if (navigator.doNotTrack === '1' || navigator.globalPrivacyControl) window.headwater = (): void => undefined;
else if (script) start(script);

export {};
