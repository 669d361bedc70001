/** What is shown in a page's stead when it failed, or when its code cannot be had. */

import { lazy } from 'preact-iso';
import type { ComponentType } from 'preact';

/** `preload` starts to load its code. */
export type LazyPage = ComponentType & { readonly preload: () => Promise<unknown> };

/** A page whose code is loaded when it is first opened. A new release takes the code of the last one away: whoever still
 * has the old site open is told to load the new one. */
export function page(load: () => Promise<{ default: ComponentType }>): LazyPage {
  const orSayWhy = (error: unknown) => ({ default: () => <Failed failure={error as Error} isGone /> });
  return lazy(() => load().catch(orSayWhy));
}

interface Props {
  readonly failure: Error;
  readonly isGone?: boolean;
}

export function Failed({ failure, isGone }: Props) {
  return (
    <main id="content" tabIndex={-1}>
      <div class="panel" role="alert">
        <h1>{isGone ? 'This page has to be loaded again' : 'This page failed'}</h1>
        <p>
          {isGone
            ? 'The site was updated since you opened it, or the connection was lost.'
            : `Tell whoever looks after Headwater: ${failure.message}`}
        </p>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    </main>
  );
}
