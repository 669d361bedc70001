/** Dashboards by whose they are, those that have all the words that somebody looks for. Pure. */

import type { Listed } from './dashboard.ts';

export interface Group {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly Listed[];
}

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export function grouped(rows: readonly Listed[], wanted: string): Group[] {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  const found = rows.filter(({ name, description, owner }) => {
    const all = plain(`${name} ${description} ${owner ?? ''}`);
    return words.every((word) => all.includes(word));
  });
  const groups: Group[] = [
    { title: 'Mine', note: 'Only you and administrators may change them', rows: found.filter(({ mine }) => mine) },
    {
      title: 'The company’s',
      note: 'What colleagues have made: copy one to change it',
      rows: found.filter(({ mine, seeded }) => !mine && !seeded),
    },
    {
      title: 'Come with Headwater',
      note: 'The pages of this site: copy one to make it yours',
      rows: found.filter(({ seeded }) => seeded),
    },
  ];
  // Who has none of their own is told so; who looks for a word only wants what was found.
  return groups.filter((group) => group.rows.length > 0 || (group.title === 'Mine' && words.length === 0));
}
