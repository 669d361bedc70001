/** Something that people set off and that ends with a word on it: done once at a time, told, and gone on from. */

import { useState } from 'preact/hooks';
import type { ApiProblem, Client } from '../api/client.ts';
import { useAction } from '../api/query.ts';
import { useTell } from './notices.tsx';

export interface Sending<A extends unknown[] = []> {
  readonly send: (...given: A) => void;
  readonly busy: boolean;
  /** It was done: nothing of it can be lost any more. */
  readonly done: boolean;
  readonly problem: ApiProblem | null;
  readonly forget: () => void;
}

interface Ending {
  /** What people are told when it is done. */
  readonly said?: string;
  readonly then?: () => void;
}

export function useSending<A extends unknown[] = []>(
  act: (client: Client, ...given: A) => Promise<unknown>,
  changes: readonly string[],
  { said, then }: Ending = {},
): Sending<A> {
  const tell = useTell();
  const [done, setDone] = useState(false);
  const { run, busy, problem, forget } = useAction(act, changes);
  const send = async (...given: A) => {
    if (busy) return; // Enter, pressed twice
    setDone(false);
    if (!(await run(...given))) return;
    setDone(true);
    if (said) tell(said);
    then?.();
  };
  return { send: (...given) => void send(...given), busy, done, problem, forget };
}
