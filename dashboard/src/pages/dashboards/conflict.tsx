/** Somebody else was faster: who, when, and what can be done without losing either's work. */

import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { useApi } from '../../api/query.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { type Content, contentOf, parseDashboard } from './dashboard.ts';

interface Props {
  readonly id: string;
  readonly problem: ApiProblem;
  readonly busy: boolean;
  readonly failed: ApiProblem | null;
  readonly onTheirs: (theirs: Content, etag: string | null) => void;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}

export function Conflict({ id, problem, busy, failed, onTheirs, onCopy, onClose }: Props) {
  const { client } = useApi();
  const [trouble, setTrouble] = useState(false);
  const load = () => {
    setTrouble(false);
    client.ask({ path: `/v1/dashboards/${encodeURIComponent(id)}` }, new AbortController().signal).then(
      (reply) => onTheirs(contentOf(parseDashboard(reply.json)), reply.etag),
      () => setTrouble(true),
    );
  };
  return (
    <Dialog title="Somebody else has changed it" onClose={onClose}>
      <p>{problem.detail}</p>
      <p class="muted">
        Nothing of yours is lost: take theirs and Undo brings yours back, or keep yours as a dashboard of its own.
      </p>
      {trouble && <p class="field-problem">Theirs could not be loaded: try again.</p>}
      <FormProblem problem={failed} />
      <div class="buttons">
        <button type="button" class="button primary" onClick={load}>
          Load theirs
        </button>
        <button type="button" class="button" disabled={busy} onClick={onCopy}>
          Save mine as a copy
        </button>
        <button type="button" class="button" onClick={onClose}>
          Go on editing
        </button>
      </div>
    </Dialog>
  );
}
