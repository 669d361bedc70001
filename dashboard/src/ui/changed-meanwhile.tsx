/** Somebody else was faster: who, when, and what can be done. Nothing that was typed is lost. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiProblem, Reply } from '../api/client.ts';
import { useAction } from '../api/query.ts';
import { lastChange } from '../api/standing.ts';
import { usePage } from '../shell/page.ts';
import { instant } from '../time/format.ts';
import { FormProblem } from './form.tsx';

export interface Meanwhile {
  /** Where the newest stands. */
  readonly path: string;
  /** `this rule`. */
  readonly what: string;
  readonly onTake: (newest: Reply) => void;
  /** Put what was typed over that version. */
  readonly onKeep: (etag: string | null) => void;
  /** What they changed, in words. */
  readonly changed?: (newest: unknown) => readonly string[];
  readonly takeLabel?: string;
  /** What else can be done. */
  readonly children?: ComponentChildren;
}

interface Props extends Meanwhile {
  /** What the API said of the change that came second. */
  readonly refused: ApiProblem;
}

export function ChangedMeanwhile(props: Props) {
  const { refused, path, what, onTake, onKeep, changed, takeLabel, children } = props;
  const { locale, now } = usePage();
  const [newest, setNewest] = useState<Reply | null>(null);
  const { run, busy, problem } = useAction(async (client) => {
    setNewest(await client.ask({ path }, new AbortController().signal));
  });
  useEffect(() => void run(), [run, path]);
  const { by, at } = newest ? lastChange(newest.json) : { by: null, at: null };
  const fields = (newest && changed?.(newest.json)) ?? [];
  return (
    <div class="caveats" role="alert">
      <p>
        <strong>Somebody else was faster.</strong>{' '}
        {by && at ? (
          <>
            <bdi>{by}</bdi> changed {what} {instant(at, locale, now)}
            {fields.length > 0 && ` (${fields.join(', ')})`}.
          </>
        ) : (
          refused.detail
        )}{' '}
        What you typed is still here.
      </p>
      <FormProblem problem={problem} />
      <div class="buttons">
        {newest ? (
          <>
            <button type="button" class="button" onClick={() => onKeep(newest.etag)}>
              Save mine over it
            </button>
            <button type="button" class="button" onClick={() => onTake(newest)}>
              {takeLabel ?? 'Load the newest, drop mine'}
            </button>
          </>
        ) : (
          <button type="button" class="button" disabled={busy} onClick={() => void run()}>
            {busy ? 'Looking what they changed…' : 'Look again'}
          </button>
        )}
        {children}
      </div>
    </div>
  );
}
