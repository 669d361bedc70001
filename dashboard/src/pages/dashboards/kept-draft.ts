/** What was changed and not saved yet, kept in this tab: it survives a reload and a step to another page. */

import { type Content, contentJson, parseContent } from './dashboard.ts';

export interface KeptDraft {
  readonly content: Content;
  /** The version that it was made of: what it is saved over. */
  readonly etag: string | null;
}

const keyOf = (id: string) => `headwater.draft.${id}`;

export function readDraft(storage: Storage, id: string): KeptDraft | null {
  try {
    const json: unknown = JSON.parse(storage.getItem(keyOf(id)) ?? 'null');
    if (typeof json !== 'object' || json === null) return null;
    const { content, etag } = json as { content?: unknown; etag?: unknown };
    return { content: parseContent(content), etag: typeof etag === 'string' ? etag : null };
  } catch {
    return null; // of another release, or not ours: as though there were none
  }
}

export function keepDraft(storage: Storage, id: string, { content, etag }: KeptDraft): void {
  try {
    storage.setItem(keyOf(id), JSON.stringify({ content: contentJson(content), etag }));
  } catch {
    // A full or forbidden storage: the draft then lasts as long as the page.
  }
}

export function dropDraft(storage: Storage, id: string): void {
  storage.removeItem(keyOf(id));
}
