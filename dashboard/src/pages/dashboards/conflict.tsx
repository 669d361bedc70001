/** Somebody else was faster: who, when, and what can be done without losing either's work. */

import type { ApiProblem } from '../../api/client.ts';
import { ChangedMeanwhile } from '../../ui/changed-meanwhile.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { type Content, contentOf, parseDashboard } from './dashboard.ts';

interface Props {
  readonly id: string;
  readonly problem: ApiProblem;
  readonly busy: boolean;
  readonly failed: ApiProblem | null;
  readonly onTheirs: (theirs: Content, etag: string | null) => void;
  readonly onMine: (etag: string | null) => void;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}

export function Conflict({ id, problem, busy, failed, onTheirs, onMine, onCopy, onClose }: Props) {
  return (
    <Dialog title="Somebody else has changed it" onClose={onClose}>
      <FormProblem problem={failed} />
      <ChangedMeanwhile
        refused={problem}
        path={`/v1/dashboards/${encodeURIComponent(id)}`}
        what="this dashboard"
        takeLabel="Load theirs"
        onTake={({ json, etag }) => onTheirs(contentOf(parseDashboard(json)), etag)}
        onKeep={onMine}
      >
        <button type="button" class="button" disabled={busy} onClick={onCopy}>
          Save mine as a copy
        </button>
      </ChangedMeanwhile>
      <p class="muted">Nothing of yours is lost: take theirs, and Undo brings yours back.</p>
    </Dialog>
  );
}
