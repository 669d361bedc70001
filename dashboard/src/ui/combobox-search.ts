/** What a combobox finds, and where its keys lead. Pure. */

import type { Choice } from './combobox.tsx';

const MOST = 120;

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[_/\s]+/g, ' ')
    .trim();

/** Choices in which every word of the text occurs; those that have a word that begins with it come first. */
export function search(choices: readonly Choice[], text: string): Choice[] {
  const words = plain(text).split(' ').filter(Boolean);
  if (words.length === 0) return choices.slice(0, MOST);
  const hits = choices.flatMap((choice) => {
    const name = ` ${plain(`${choice.label} ${choice.hint} ${choice.group ?? ''} ${choice.also ?? ''}`)}`;
    if (!words.every((word) => name.includes(word))) return [];
    return [{ choice, starts: words.every((word) => name.includes(` ${word}`)) }];
  });
  return [...hits.filter((hit) => hit.starts), ...hits.filter((hit) => !hit.starts)]
    .slice(0, MOST)
    .map(({ choice }) => choice);
}

/** The next active option for a key; null when the key does not move. */
export function moved(key: string, active: number, count: number): number | null {
  const last = Math.max(0, count - 1);
  switch (key) {
    case 'ArrowDown':
      return active >= last ? 0 : active + 1;
    case 'ArrowUp':
      return active <= 0 ? last : active - 1;
    case 'PageDown':
      return Math.min(last, active + 8);
    case 'PageUp':
      return Math.max(0, active - 8);
    default:
      return null;
  }
}
