/** Which rows a question is about, as text and as a tree; the grammar is docs/questions.md's (filter_text.py). Pure. */

import { Scanner, TextFault, type Token, tokensOf } from './scan.ts';

export const OPERATORS = ['is', 'is_not', 'contains', 'matches'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly kind: 'condition';
  readonly dimension: string;
  readonly operator: Operator;
  /** Null, with `is` and `is_not`: a row that has no value. */
  readonly value: string | null;
}

export type Filter =
  | Condition
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter };

const MAX_TEXT = 8_192;
/** The API's own bound; a reader that recurses needs one too. */
const MAX_DEPTH = 16;
const WORDS = {
  pattern: /\s*(?:("(?:[^"\\]|\\[^])*")|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|([()]))/y,
  kinds: ['text', 'word', 'sign'] as const,
  unreadable: (sign: string) =>
    `${sign === '"' ? 'A text that does not end' : `“${sign}”`} is not understood; values are in double quotes: is "3.5.0".`,
};
type Word = Token<(typeof WORDS.kinds)[number]>;
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'null', ...OPERATORS]);

/** Read a filter; throws a `TextFault` that says what was expected, and where. */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_TEXT) throw new TextFault(0, text.length, `A filter has at most ${MAX_TEXT} characters.`);
  return new Reader(tokensOf(text, WORDS), MAX_DEPTH, 'A filter is at most 8 levels deep.').whole();
}

/** What is wrong with a text that should be a filter; null when nothing is, or when it is empty. */
export function faultIn(text: string): TextFault | null {
  if (!text.trim()) return null;
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof TextFault) return error;
    throw error;
  }
}

/** Write a filter so that `parseFilter`, and the API, read the same. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'condition': {
      const value = filter.value === null ? 'null' : JSON.stringify(filter.value);
      return `${filter.dimension} ${filter.operator} ${value}`;
    }
    case 'not':
      return `not ${inside(filter.of, ['and', 'or'])}`;
    case 'and':
      return filter.of.map((part) => inside(part, ['and', 'or'])).join(' and ');
    case 'or':
      return filter.of.map((part) => inside(part, ['or'])).join(' or ');
  }
}

function inside(filter: Filter, bracketed: readonly string[]): string {
  return bracketed.includes(filter.kind) ? `(${printFilter(filter)})` : printFilter(filter);
}

/** Recursive descent: `or` binds least, then `and`, then `not`. */
class Reader extends Scanner<Exclude<Word['kind'], 'end'>> {
  whole(): Filter {
    const found = this.either();
    if (this.now.kind !== 'end') throw this.expected('“and”, “or” or the end');
    return found;
  }

  private either(): Filter {
    const found = [this.both()];
    while (this.takes('or')) found.push(this.both());
    return joined('or', found);
  }

  private both(): Filter {
    const found = [this.one()];
    while (this.takes('and')) found.push(this.one());
    return joined('and', found);
  }

  private one(): Filter {
    return this.inside(() => {
      if (this.takes('not')) return { kind: 'not', of: this.one() };
      if (!this.takes('(')) return this.condition();
      const found = this.either();
      if (!this.takes(')')) throw this.expected('“and”, “or” or “)”');
      return found;
    });
  }

  private condition(): Filter {
    const { kind, text } = this.now;
    if (kind !== 'word' || RESERVED.has(text)) throw this.expected('a dimension, “not” or “(”');
    const dimension = this.next().text;
    const operator = this.operator();
    if ((operator === 'is' || operator === 'is_not') && this.takes('null')) {
      return { kind: 'condition', dimension, operator, value: null };
    }
    if (this.now.kind !== 'text') throw this.expected('a text in double quotes, such as "3.5.0",');
    return { kind: 'condition', dimension, operator, value: unquoted(this.next()) };
  }

  private operator(): Operator {
    if (this.takes('is')) return this.takes('not') ? 'is_not' : 'is';
    const found = OPERATORS.find((operator) => this.now.kind === 'word' && this.now.text === operator);
    if (!found) throw this.expected('“is”, “is_not”, “contains” or “matches”');
    this.next();
    return found;
  }
}

function joined(kind: 'and' | 'or', of: readonly Filter[]): Filter {
  return of.length === 1 ? (of[0] as Filter) : { kind, of };
}

/** A JSON string; the API lets control characters through that JSON itself wants escaped. */
function unquoted({ text, from }: Word): string {
  // eslint-disable-next-line no-control-regex
  const escaped = text.replace(/[\u0000-\u001f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  try {
    return JSON.parse(escaped) as string;
  } catch {
    throw new TextFault(
      from,
      from + text.length,
      'This is no text as JSON writes it: a backslash stands before " \\ / b f n r t or u….',
    );
  }
}
