/** Reading JSON from outside: each function takes what may be anything and answers what it has to be, or a clear
 * problem. No type is trusted from the wire. */

import { ApiProblem } from './client.ts';

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const maybeText = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);
export const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const maybeCount = (value: unknown): number | null => (typeof value === 'number' ? value : null);
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
export const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

export function oneOf<T extends string>(values: readonly T[], value: unknown): T | null {
  return values.find((one) => one === value) ?? null;
}

export function contract(what: string): ApiProblem {
  return new ApiProblem(
    200,
    'An unexpected answer',
    `The API's answer is not as agreed: ${what}. The page and the API may be of different versions; reload the page.`,
  );
}

export function object(json: unknown, what = 'the answer'): Json {
  if (!isObject(json)) throw contract(`${what} is not an object`);
  return json;
}

/** The rows of an answer that is a list. */
export function results(json: unknown): Json[] {
  if (!isObject(json) || !Array.isArray(json.results)) throw contract('“results” is missing');
  return json.results.filter(isObject);
}

export function maybeInstant(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at;
}

export function instant(value: unknown, name: string): Date {
  const at = maybeInstant(value);
  if (!at) throw contract(`“${name}” is not a time`);
  return at;
}
