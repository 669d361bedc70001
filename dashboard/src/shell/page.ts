/** What every part of a page may need to know: who looks, in which language and zone, when, in which colours. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Theme } from '../charts/palette.ts';
import type { Locale } from '../time/format.ts';

export interface Me {
  readonly id: string;
  readonly name: string;
  /** `read`, `sql`, `admin`. */
  readonly scope: string;
  readonly goodUntil: Date | null;
}

export interface Page {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly now: Date;
  /** Null until the API has said it. */
  readonly me: Me | null;
  readonly online: boolean;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('There is no page around this.');
  return page;
}

/** Whether one may change what belongs to the company: rules, subscriptions, tokens. */
export const isAdmin = ({ me }: Page): boolean => me?.scope === 'admin';
export const maySql = ({ me }: Page): boolean => me?.scope === 'sql' || me?.scope === 'admin';
