/** The same question for programs: a line for a terminal, and the body. */

import { useState } from 'preact/hooks';
import type { Ask } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { bodyText, curlLine } from './request.ts';

interface Props {
  readonly ask: Ask;
  readonly onClose: () => void;
}

export function RequestDialog({ ask, onClose }: Props) {
  return (
    <Dialog title="Ask it by a program" onClose={onClose} wide>
      <p class="muted">
        The API answers the same numbers to whoever asks the same. A token of one’s own is made under Tokens; every
        field is explained in <a href="/api/docs">the API’s documentation</a>.
      </p>
      <Copied title="In a terminal" text={curlLine(`${location.origin}/api`, ask)} />
      <Copied title="The question, JSON" text={bodyText(ask)} />
    </Dialog>
  );
}

function Copied({ title, text }: { readonly title: string; readonly text: string }) {
  const [said, setSaid] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not allow it: select the text instead.'),
    );
  return (
    <section class="explore-code">
      <header>
        <h3>{title}</h3>
        <span role="status" class="note">
          {said}
        </span>
        <button type="button" class="button" onClick={() => void copy()}>
          Copy<span class="hidden">: {title}</span>
        </button>
      </header>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}
