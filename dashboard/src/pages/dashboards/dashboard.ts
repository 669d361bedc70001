/** A dashboard as the API keeps it. Pure. */

import { isObject, maybeText, object, objects, text } from '../../api/json.ts';
import { readRange } from '../../question/question.ts';
import type { Range } from '../../time/words.ts';
import { parseWidget, type Widget } from '../../widgets/widget.ts';

export interface DashboardData {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly range: Range | null;
  readonly zone: string | null;
  readonly widgets: readonly Widget[];
  /** Comes with Headwater: a copy can be changed. */
  readonly seeded: boolean;
  readonly mine: boolean;
  readonly owner: string | null;
}

export function parseDashboard(json: unknown): DashboardData {
  const row = object(json);
  return {
    id: text(row.id),
    name: text(row.name),
    description: text(row.description),
    range: readRange(row.range),
    zone: maybeText(row.tz),
    widgets: objects(row.widgets).map(parseWidget),
    seeded: row.seeded === true,
    mine: row.mine === true,
    owner: isObject(row.owner) ? maybeText(row.owner.name) : null,
  };
}
