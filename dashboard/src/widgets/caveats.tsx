/** What has to be known of numbers, behind a small sign: a disclosure, so that keys and touch open it too. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Info, Warning } from '../ui/icons.tsx';

interface Props {
  readonly lines: readonly string[];
  /** Something is wrong, not only to be known. */
  readonly wrong?: boolean;
  /** What can be done about it. */
  readonly children?: ComponentChildren;
}

export function Caveats({ lines, wrong, children }: Props) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      if (box.current?.open && !box.current.contains(event.target as Node)) box.current.open = false;
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  if (lines.length === 0) return null;
  const label = lines.length === 1 ? 'One thing to know' : `${lines.length} things to know`;
  return (
    <details
      class={`caveats ${wrong ? 'wrong' : ''}`}
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !box.current?.open) return;
        event.stopPropagation();
        box.current.open = false;
        box.current.querySelector('summary')?.focus();
      }}
    >
      <summary aria-label={label} title={lines.join('\n')}>
        {wrong ? <Warning /> : <Info />}
      </summary>
      <div class="caveats-list">
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {children}
      </div>
    </details>
  );
}
