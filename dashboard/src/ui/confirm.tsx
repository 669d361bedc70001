/** Ask before something is lost, and then do it. It is done to what people saw when they were asked. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Client } from '../api/client.ts';
import { useApi } from '../api/query.ts';
import { Dialog } from './dialog.tsx';
import { FormProblem } from './form.tsx';
import { useSending } from './sending.ts';

interface Props {
  readonly title: string;
  /** What will happen: `Delete the rule`. */
  readonly action: string;
  readonly act: (client: Client) => Promise<unknown>;
  /** What is asked for again afterwards. */
  readonly changes: readonly string[];
  /** What people are told when it is done. */
  readonly said: string;
  readonly onDone?: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Confirm({ title, action, act, changes, said, onDone, onClose, children }: Props) {
  const { store } = useApi();
  const [seen] = useState(() => act);
  const { send, busy, problem } = useSending(seen, changes, { said, then: onDone ?? onClose });
  // Who has changed it meanwhile is to be looked at first: trying again would be refused again.
  const changed = problem?.status === 412;
  const lookAgain = () => {
    for (const path of changes) store.refresh(path);
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      <FormProblem problem={problem} />
      <div class="buttons">
        {!changed && (
          <button type="button" class="button danger" disabled={busy} onClick={() => send()}>
            {action}
          </button>
        )}
        <button type="button" class="button" autofocus onClick={changed ? lookAgain : onClose}>
          {changed ? 'Look at it again' : 'Keep it'}
        </button>
      </div>
    </Dialog>
  );
}
