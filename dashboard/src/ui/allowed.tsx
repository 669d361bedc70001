/** What only some may see: asked for once it is known who looks, so that nobody meets a refusal that could be foreseen. */

import type { ComponentChildren } from 'preact';
import { useMe } from '../shell/me.ts';
import { type Page, usePage } from '../shell/page.ts';
import { ProblemBox, RowsSkeleton } from './states.tsx';

interface Props {
  readonly may: (page: Page) => boolean;
  /** For everybody else: who may, in a sentence. */
  readonly otherwise: ComponentChildren;
  /** The page's heading until it is known, where it is not there anyway. */
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Allowed({ may, otherwise, head, children }: Props) {
  const page = usePage();
  const { error, retry, slow } = useMe();
  if (page.me) return <>{may(page) ? children : otherwise}</>;
  return (
    <>
      {head}
      {error ? <ProblemBox problem={error} retry={retry} /> : <RowsSkeleton slow={slow} />}
    </>
  );
}
