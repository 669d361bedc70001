/** Words for who does not see what has changed. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The same words twice are said twice. */
export function Announcer({ words }: { readonly words: { readonly text: string; readonly turn: number } }) {
  const box = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    if (box.current) box.current.textContent = words.text + (words.turn % 2 === 0 ? '' : '\u00a0');
  }, [words]);
  return <p class="hidden" aria-live="assertive" ref={box} data-announcer />;
}

export function useSay(): [{ readonly text: string; readonly turn: number }, (words: string) => void] {
  const [words, setWords] = useState({ text: '', turn: 0 });
  return [words, (text) => setWords(({ turn }) => ({ text, turn: turn + 1 }))];
}
