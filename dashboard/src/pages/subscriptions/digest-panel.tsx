/** A subscriber's digest: as it would be sent now, when the next is due, and a button that sends it. */

import { useOnce } from '../../api/once.ts';
import { useQuery } from '../../api/query.ts';
import { maybeInstant, object, text } from '../../api/json.ts';
import { usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { FormProblem } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useSending } from '../../ui/sending.ts';

interface Digest {
  readonly text: string;
  readonly nextAt: Date | null;
}

function parseDigest(json: unknown): Digest {
  const row = object(json);
  return { text: text(object(row.digest).text), nextAt: maybeInstant(row.next_at) };
}

export function DigestPanel({ path, state }: { readonly path: string; readonly state: string }) {
  const { locale, now } = usePage();
  const answer = useQuery(`${path}/digest`, parseDigest, Infinity);
  const post = useOnce();
  const sending = useSending((client) => post(client, `${path}/digest`), [], {
    said: 'On its way: the digest arrives within a minute or two.',
  });
  return (
    <Panel
      title="The digest, if it were sent now"
      note={answer.data?.nextAt && `The next is due ${instant(answer.data.nextAt, locale, now)}`}
      tools={
        <button
          type="button"
          class="button"
          disabled={sending.busy || state !== 'confirmed'}
          title={state === 'confirmed' ? undefined : 'Nothing is sent to who has not said yes'}
          onClick={() => sending.send()}
        >
          Send it now
        </button>
      }
    >
      <FormProblem problem={sending.problem} />
      <Loaded answer={answer}>
        {(digest) => (
          <pre class="letter" tabIndex={0} aria-label="Text of the digest">
            {digest.text}
          </pre>
        )}
      </Loaded>
    </Panel>
  );
}
