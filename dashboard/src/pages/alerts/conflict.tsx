/** Somebody else was faster: who, when, what they changed, and what can be done. Nothing that was typed is lost. */

import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { bodyOf, draftOf } from './draft.ts';
import { type Found, newest } from './rule-once.ts';

interface Props {
  readonly standing: Found;
  readonly onTake: () => void;
  readonly onKeep: (etag: string) => void;
}

export function Conflict({ standing, onTake, onKeep }: Props) {
  const { client } = useApi();
  const { locale, now } = usePage();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    newest(client, standing.rule.id, controller.signal).then(setFound, () => undefined);
    return () => controller.abort();
  }, [client, standing]);
  return (
    <div class="caveats" role="alert">
      <p>
        <strong>Somebody else was faster.</strong>{' '}
        {found?.rule.updatedAt ? (
          <>
            <bdi>{found.rule.updatedBy}</bdi> changed this rule {instant(found.rule.updatedAt, locale, now)}
            {changed(standing, found)}.
          </>
        ) : (
          'This rule was changed since you opened it.'
        )}{' '}
        What you typed is still here.
      </p>
      <div class="buttons alerts-conflict">
        <button type="button" class="button" disabled={!found} onClick={() => found && onKeep(found.etag)}>
          Save mine over it
        </button>
        <button type="button" class="button" onClick={onTake}>
          Load the newest, drop mine
        </button>
      </div>
    </div>
  );
}

/** Which fields they changed. */
function changed(before: Found, after: Found): string {
  const [old, now] = [bodyOf(draftOf(before.rule, 'UTC')), bodyOf(draftOf(after.rule, 'UTC'))];
  const names = Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(old[name]));
  return names.length > 0 ? ` (${names.map((name) => name.replaceAll('_', ' ')).join(', ')})` : '';
}
