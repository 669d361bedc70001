/** Which group's chart is shown, where a rule looks at several. */

import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import { cutText } from './cut-text.ts';
import type { Line } from './preview.ts';

interface Props {
  readonly lines: readonly { readonly line: Line; readonly messages: number }[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

export function GroupChoice({ lines, chosen, onChoose }: Props) {
  const { locale } = usePage();
  if (lines.length < 2) return null;
  return (
    <label class="field alerts-group-choice">
      <span>Group</span>
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {lines.map(({ line, messages }) => (
          <option key={line.key} value={line.key}>
            {cutText(line.title, 60)} ({number(messages, locale.language)} {messages === 1 ? 'message' : 'messages'})
          </option>
        ))}
      </select>
    </label>
  );
}
