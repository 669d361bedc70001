/** A question put on a dashboard: its own newest version is read first, and who was faster is not overwritten. */

import { ApiProblem, type Client } from '../../api/client.ts';
import { isObject, object, objects, results, text, type Json } from '../../api/json.ts';
import type { Frame, Question } from '../../question/question.ts';
import { type Widget, type WidgetKind, widgetJson } from '../../widgets/widget.ts';
import { withPart } from '../reports/parts.ts';

export const DASHBOARDS = '/v1/dashboards';
export const REPORTS = '/v1/reports';
export const MOST_WIDGETS = 100;
const TRIES = 3;

export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly mine: boolean;
  readonly owner: string;
  readonly widgets: number;
}

/** Those that can be changed by somebody: what comes with Headwater cannot. */
export function parseListed(json: unknown): Listed[] {
  return results(json)
    .filter(({ seeded }) => seeded !== true)
    .map((row) => ({
      id: text(row.id),
      name: text(row.name),
      mine: row.mine === true,
      owner: isObject(row.owner) ? text(row.owner.name) : '',
      widgets: typeof row.widget_count === 'number' ? row.widget_count : 0,
    }));
}

interface Explored {
  readonly question: Question;
  readonly frame: Frame;
  readonly as: WidgetKind;
  readonly target: string | null;
  /** Its days and its interval, too: else they are the dashboard's. */
  readonly keep: boolean;
  readonly title: string;
}

/** What is shown as a widget. What it is compared with is part of what is asked. */
export function exploredWidget({ question, frame, as, target, keep, title }: Explored): Widget {
  const { range, interval, compare } = frame;
  const own = keep ? { range, interval } : { range: null, interval: null };
  const width = as === 'gauge' || as === 'pie' ? 4 : as === 'table' ? 12 : 6;
  return { id: '', kind: as, title, width, height: 2, question: { ...question, compare, ...own }, text: '', target };
}

/** What a change of a dashboard sends: the fields that its owner decides. */
export function withWidget(dashboard: Json, widget: Widget): Json {
  const widgets = objects(dashboard.widgets);
  const taken = new Set(widgets.map(({ id }) => text(id)));
  let number = widgets.length + 1;
  while (taken.has(`w${number}`)) number += 1;
  const { name, description, range, tz } = dashboard;
  return { name, description, range, tz, widgets: [...widgets, widgetJson({ ...widget, id: `w${number}` })] };
}

export function newDashboard(name: string, widget: Widget): Json {
  return { name, widgets: [widgetJson({ ...widget, id: 'w1' })] };
}

/** Add a widget at the end. */
export async function addWidget(client: Client, id: string, widget: Widget): Promise<void> {
  const path = `${DASHBOARDS}/${encodeURIComponent(id)}`;
  await addTo(client, 'PUT', path, (dashboard) => withWidget(dashboard, widget));
}

/** Add a part at the end of a report. */
export async function addPart(client: Client, name: string, part: Json): Promise<void> {
  const path = `${REPORTS}/${encodeURIComponent(name)}`;
  await addTo(client, 'PATCH', path, ({ parts }) => ({ parts: withPart(objects(parts), part) }));
}

/** Something more of what is kept. Somebody else's change in between (412) does not contradict it: it is added to
 * theirs. */
async function addTo(
  client: Client,
  method: 'PUT' | 'PATCH',
  path: string,
  added: (json: Json) => Json,
): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    const { json, etag } = await client.ask({ path }, new AbortController().signal);
    try {
      await client.change({ method, path, body: added(object(json)), ifMatch: etag });
      return;
    } catch (error) {
      const faster = error instanceof ApiProblem && error.status === 412;
      if (!faster || left <= 1) throw error;
    }
  }
}
