/** Statements, their runs and what they may read, as the API tells them. Pure. */

import {
  count,
  isObject,
  type Json,
  maybeCount,
  maybeInstant,
  maybeText,
  object,
  objects,
  results,
  text,
  texts,
} from '../../api/json.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
}

export interface Rows {
  readonly run: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Json[];
  readonly next: string | null;
  readonly scannedBytes: number;
  readonly costUsd: string;
  readonly engineMs: number;
  readonly warnings: readonly string[];
}

export function parseRows(json: unknown): Rows {
  const rows = results(json);
  const meta = object((json as Json).meta, '“meta”');
  return {
    run: text(meta.run),
    columns: objects(meta.columns).map(({ name, type }) => ({ name: text(name), type: text(type) })),
    rows,
    next: maybeText(meta.next_cursor),
    scannedBytes: count(meta.scanned_bytes),
    costUsd: text(meta.cost_usd),
    engineMs: count(meta.engine_ms),
    warnings: texts(meta.warnings),
  };
}

/** Where in a statement something is wrong, both from 1. */
export interface Fault {
  readonly detail: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface Run {
  readonly id: string;
  readonly sql: string;
  readonly state: string;
  readonly submittedAt: Date | null;
  readonly scannedBytes: number;
  readonly costUsd: string;
  readonly engineMs: number | null;
  readonly error: Fault | null;
}

export const isAtWork = ({ state }: Run): boolean => state === 'queued' || state === 'running';

export function parseRun(json: unknown): Run {
  const row = object(json);
  const error = isObject(row.error) ? row.error : null;
  return {
    id: text(row.id),
    sql: text(row.sql),
    state: text(row.state),
    submittedAt: maybeInstant(row.submitted_at),
    scannedBytes: count(row.scanned_bytes),
    costUsd: text(row.cost_usd),
    engineMs: maybeCount(row.engine_ms),
    error: error && { detail: text(error.detail), line: maybeCount(error.line), column: maybeCount(error.column) },
  };
}

export const parseRuns = (json: unknown): Run[] => results(json).map(parseRun);

export interface Estimate {
  readonly maxBytes: number;
  readonly maxCostUsd: string;
  readonly tables: readonly { readonly name: string; readonly partitions: string; readonly bytes: number }[];
  readonly plan: string;
}

export function parseEstimate(json: unknown): Estimate {
  const row = object(json);
  return {
    maxBytes: count(row.max_scanned_bytes),
    maxCostUsd: text(row.max_cost_usd),
    tables: objects(row.tables).map((table) => ({
      name: text(table.table),
      partitions: `${count(table.partitions)} of ${count(table.of_partitions)}`,
      bytes: count(table.max_bytes),
    })),
    plan: text(row.plan),
  };
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly example: unknown;
}

export interface Saved {
  readonly id: string;
  readonly shipped: boolean;
  readonly name: string;
  readonly description: string;
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /** The parameter of each question mark, in order. */
  readonly marks: readonly string[];
  readonly updatedBy: string | null;
}

export function parseSaved(json: unknown): Saved {
  const row = object(json);
  return {
    id: text(row.id),
    shipped: row.kind === 'shipped',
    name: text(row.name),
    description: text(row.description),
    sql: text(row.sql),
    parameters: objects(row.parameters).map(({ name, description, example }) => ({
      name: text(name),
      description: text(description),
      example,
    })),
    marks: texts(row.marks),
    updatedBy: maybeText(row.updated_by),
  };
}

export const parseSavedList = (json: unknown): Saved[] => results(json).map(parseSaved);

export interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly columns: readonly (Column & { readonly description: string })[];
}

export function parseCatalog(json: unknown): Relation[] {
  return results(json).map((row) => ({
    name: text(row.name),
    kind: text(row.kind),
    description: text(row.description),
    columns: objects(row.columns).map((column) => ({
      name: text(column.name),
      type: text(column.type),
      description: text(column.description),
    })),
  }));
}

/** Where in a line a column is: the engine counts characters from 1, a text here counts an emoji twice. */
export function columnIn(line: string, column: number): number {
  return Array.from(line)
    .slice(0, Math.max(0, column - 1))
    .join('').length;
}

/** How many values a statement waits for: question marks outside of texts, names in quotes, and comments. */
export function marksIn(sql: string): number {
  return sql.replace(SILENT, ' ').split('?').length - 1;
}

const SILENT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

export interface Offered extends Column {
  readonly description: string;
  readonly relation: string;
}

/** The columns that a statement can mean: of the tables and views that it names, or of all while it names none. */
export function columnsOffered(sql: string, relations: readonly Relation[]): Offered[] {
  const words = new Set(sql.replace(SILENT, ' ').toLowerCase().match(/\w+/g));
  const named = relations.filter(({ name }) => words.has(name.toLowerCase()));
  return (named.length > 0 ? named : relations).flatMap(({ name: relation, columns }) =>
    columns.map((column) => ({ ...column, relation })),
  );
}

/** What is typed for a question mark, as the API takes it: `2026-11-01` is a date, `12` a number, the rest a text;
 * in quotes, everything is a text. */
export function readValue(typed: string): unknown {
  const trimmed = typed.trim();
  if (/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return { date: trimmed };
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(trimmed)) return { timestamp: trimmed.replace(' ', 'T') };
  if (/^-?\d{1,15}(\.\d{1,6})?$/.test(trimmed)) return Number(trimmed);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (trimmed === 'null') return null;
  const quoted = /^'(.*)'$/s.exec(trimmed);
  return quoted ? (quoted[1] as string).replaceAll("''", "'") : typed;
}

/** A value as it is typed: reading it gives the same. */
export function writeValue(value: unknown): string {
  if (isObject(value)) return text(value.date) || text(value.timestamp);
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  return readValue(value) === value && value !== '' ? value : `'${value.replaceAll("'", "''")}'`;
}
