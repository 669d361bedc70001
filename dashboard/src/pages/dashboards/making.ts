/** Making dashboards: new ones, and copies. */

import { useRef } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import { useOnce } from '../../api/once.ts';
import { useAction } from '../../api/query.ts';
import { addressOf, type Content, contentJson, parseDashboard } from './dashboard.ts';

export interface Making {
  /** The address to edit it at; null when it could not be made. */
  readonly run: (content: Content) => Promise<string | null>;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  readonly forget: () => void;
}

export function useCopy(): Making {
  const made = useRef<string | null>(null);
  const post = useOnce();
  const action = useAction(
    async (client, content: Content) => {
      const reply = await post(client, '/v1/dashboards', contentJson(content));
      made.current = `${addressOf(parseDashboard(reply.json))}?edit=1`;
    },
    ['/v1/dashboards'],
  );
  return { ...action, run: async (content) => ((await action.run(content)) ? made.current : null) };
}
