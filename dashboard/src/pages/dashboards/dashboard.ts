/** A dashboard as the API keeps it. Pure. */

import { count, isObject, type Json, maybeInstant, maybeText, object, objects, results, text } from '../../api/json.ts';
import { readRange } from '../../question/question.ts';
import type { Range } from '../../time/words.ts';
import { parseWidget, type Widget, widgetJson } from '../../widgets/widget.ts';

/** What people say of a dashboard: what is sent. */
export interface Content {
  readonly name: string;
  readonly description: string;
  readonly range: Range | null;
  readonly zone: string | null;
  readonly widgets: readonly Widget[];
}

export interface DashboardData extends Content {
  readonly id: string;
  /** Comes with Headwater: a copy can be changed. */
  readonly seeded: boolean;
  readonly mine: boolean;
  readonly owner: string | null;
  readonly updatedAt: Date | null;
  readonly updatedBy: string | null;
}

export function parseContent(json: unknown): Content {
  const row = object(json);
  return {
    name: text(row.name),
    description: text(row.description),
    range: readRange(row.range),
    zone: maybeText(row.tz),
    widgets: objects(row.widgets).map(parseWidget),
  };
}

export function parseDashboard(json: unknown): DashboardData {
  const row = object(json);
  return {
    ...parseContent(row),
    id: text(row.id),
    seeded: row.seeded === true,
    mine: row.mine === true,
    owner: isObject(row.owner) ? maybeText(row.owner.name) : null,
    updatedAt: maybeInstant(row.updated_at),
    updatedBy: maybeText(row.updated_by),
  };
}

export function contentJson({ name, description, range, zone, widgets }: Content): Json {
  return { name, description, ...(range === null ? {} : { range }), tz: zone, widgets: widgets.map(widgetJson) };
}

export function contentOf({ name, description, range, zone, widgets }: Content): Content {
  return { name, description, range, zone, widgets };
}

/** All of them: there are at most as many. */
export const LIST_PATH = '/v1/dashboards?limit=1000';

/** One of a list. */
export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly seeded: boolean;
  readonly mine: boolean;
  readonly owner: string | null;
  readonly widgets: number;
  readonly updatedAt: Date | null;
}

export function parseListed(json: unknown): Listed[] {
  return results(json).map((row) => ({
    id: text(row.id),
    name: text(row.name),
    description: text(row.description),
    seeded: row.seeded === true,
    mine: row.mine === true,
    owner: isObject(row.owner) ? maybeText(row.owner.name) : null,
    widgets: count(row.widget_count),
    updatedAt: maybeInstant(row.updated_at),
  }));
}

/** Those that come with Headwater are pages of the site; people's have an address of their own. */
export function addressOf({ id, seeded }: { readonly id: string; readonly seeded: boolean }): string {
  return seeded ? `/${id}` : `/dashboards/${encodeURIComponent(id)}`;
}

const LONGEST_NAME = 300;

export function copyName(name: string): string {
  return `Copy of ${name}`.slice(0, LONGEST_NAME);
}
