/** The keeper of this very tab: where the browser is touched. */

import type { Config } from '../config.ts';
import { Keeper } from './keeper.ts';
import { webRandom } from './pkce.ts';
import { ALONE, overChannel } from './tabs.ts';

const LOCK = 'headwater.session';

export function keeperOf(config: Config): Keeper {
  return new Keeper({
    config,
    site: location.origin,
    fetcher: fetch.bind(globalThis),
    storage: sessionStorage,
    now: () => Date.now(),
    random: webRandom,
    // No step in the history: a step back leads to where one was, not to the way in.
    go: (url) => location.replace(url),
    show: (address) => history.replaceState(null, '', address),
    later: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    alone: (work) => navigator.locks.request(LOCK, work),
    tabs: config.pool ? overChannel() : ALONE,
  });
}
