/** What was shown is kept elsewhere now: where, and on with it or back to it. */

import { Buttons } from '../../ui/form.tsx';

interface Props {
  readonly said: string;
  readonly href: string;
  /** `Open the dashboard`. */
  readonly open: string;
  readonly onClose: () => void;
}

export function Kept({ said, href, open, onClose }: Props) {
  return (
    <>
      <p role="status">{said}</p>
      <Buttons>
        <a class="button primary" href={href}>
          {open}
        </a>
        <button type="button" class="button" onClick={onClose}>
          Stay here
        </button>
      </Buttons>
    </>
  );
}
