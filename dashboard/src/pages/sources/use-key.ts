/** The key of a request that must happen once: the same for the same content, however often it is tried. */

import { useRef } from 'preact/hooks';

export function useIdempotencyKey(content: unknown): string {
  const text = JSON.stringify(content);
  const held = useRef({ text: '', key: '' });
  if (held.current.text !== text) held.current = { text, key: crypto.randomUUID() };
  return held.current.key;
}
