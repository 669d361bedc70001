/** What an address of the explorer asks: how feeds and reports are told what they are of. Pure. */

import type { Json } from '../../api/json.ts';
import { askOf } from '../../question/question.ts';
import { frameOf, parseChosen } from '../../state/frame.ts';
import { questionOf, readChosen } from './chosen.ts';

/** The question that an address of the explorer asks, as the API takes it; a sentence when it asks none. */
export function questionOfAddress(address: string, origin: string, zone: string): Json | string {
  let url: URL;
  try {
    url = new URL(address.trim(), origin);
  } catch {
    return 'This is not an address: copy it from the address bar of Explore.';
  }
  if (!url.pathname.endsWith('/explore'))
    return 'This is not an address of Explore: open the numbers there and copy it.';
  const { chosen, faults } = readChosen(url.searchParams);
  if (chosen.metrics.length === 0) return 'This address asks for no metric: choose one in Explore first.';
  if (faults[0]) return faults[0];
  const frame = frameOf(parseChosen(url.searchParams), zone);
  // Rows only: a sheet adds up for itself.
  return askOf(questionOf(chosen), frame, { totals: undefined }).body as Json;
}
