/** What only some may see: asked for once it is known who looks, so that nobody meets a refusal that could be foreseen. */

import type { ComponentChildren } from 'preact';
import { type Page, usePage } from '../shell/page.ts';
import { RowsSkeleton } from './states.tsx';

interface Props {
  readonly may: (page: Page) => boolean;
  /** For everybody else: who may, in a sentence. */
  readonly otherwise: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Allowed({ may, otherwise, children }: Props) {
  const page = usePage();
  if (!page.me) return <RowsSkeleton slow={false} />;
  return <>{may(page) ? children : otherwise}</>;
}
