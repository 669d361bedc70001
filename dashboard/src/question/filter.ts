/** Which rows a question is about, as text and as a tree; the grammar is docs/questions.md's (filter_text.py). Pure. */

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

/** A text that is no filter; `column` is where, from 1. */
export class FilterFault extends Error {
  readonly column: number;

  constructor(column: number, what: string) {
    super(what);
    this.column = column;
  }
}

const MAX_TEXT = 8_192;
/** The API's own bound; a reader that recurses needs one too. */
const MAX_DEPTH = 16;
const TOKEN = /\s*(?:("(?:[^"\\]|\\[^])*")|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|([()]))/y;
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'null', ...OPERATORS]);

interface Token {
  readonly kind: 'text' | 'word' | 'sign' | 'end';
  readonly text: string;
  readonly column: number;
}

/** Read a filter; throws a `FilterFault` that says what was expected, and where. */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_TEXT) throw new FilterFault(1, `A filter has at most ${MAX_TEXT} characters.`);
  return new Reader(tokens(text)).whole();
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

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw unreadable(text, at);
    const [whole, quoted, word, sign] = match;
    const token = quoted ?? word ?? sign ?? '';
    const kind = quoted !== undefined ? 'text' : word !== undefined ? 'word' : 'sign';
    found.push({ kind, text: token, column: at + whole.length - token.length + 1 });
  }
  return [...found, { kind: 'end', text: '', column: text.length + 1 }];
}

function unreadable(text: string, at: number): FilterFault {
  const column = at + (text.slice(at).length - text.slice(at).trimStart().length) + 1;
  const sign = text[column - 1] ?? '';
  const said = sign === '"' ? 'A text that does not end' : `“${sign}”`;
  return new FilterFault(column, `${said} is not understood; values are in double quotes: is "3.5.0".`);
}

/** Recursive descent: `or` binds least, then `and`, then `not`. */
class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;
  private deep = 0;

  constructor(given: readonly Token[]) {
    this.tokens = given;
  }

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
    this.deep += 1;
    if (this.deep > MAX_DEPTH) throw new FilterFault(this.now.column, 'A filter is at most 8 levels deep.');
    let found: Filter;
    if (this.takes('not')) found = { kind: 'not', of: this.one() };
    else if (this.takes('(')) {
      found = this.either();
      if (!this.takes(')')) throw this.expected('“and”, “or” or “)”');
    } else found = this.condition();
    this.deep -= 1;
    return found;
  }

  private condition(): Filter {
    const dimension = this.now;
    if (dimension.kind !== 'word' || RESERVED.has(dimension.text)) throw this.expected('a dimension, “not” or “(”');
    this.at += 1;
    const operator = this.operator();
    const value = this.now;
    const nothing = value.kind === 'word' && value.text === 'null' && (operator === 'is' || operator === 'is_not');
    if (value.kind !== 'text' && !nothing) throw this.expected('a text in double quotes, such as "3.5.0",');
    this.at += 1;
    return { kind: 'condition', dimension: dimension.text, operator, value: nothing ? null : unquoted(value) };
  }

  private operator(): Operator {
    if (this.takes('is')) return this.takes('not') ? 'is_not' : 'is';
    const found = OPERATORS.find((operator) => this.now.kind === 'word' && this.now.text === operator);
    if (!found) throw this.expected('“is”, “is_not”, “contains” or “matches”');
    this.at += 1;
    return found;
  }

  private get now(): Token {
    return this.tokens[this.at] as Token;
  }

  private takes(text: string): boolean {
    const taken = this.now.text === text && (this.now.kind === 'word' || this.now.kind === 'sign');
    if (taken) this.at += 1;
    return taken;
  }

  private expected(what: string): FilterFault {
    const found = this.now.kind === 'end' ? 'the end' : `“${this.now.text.slice(0, 40)}”`;
    return new FilterFault(this.now.column, `Here ${what} is expected, not ${found}.`);
  }
}

function joined(kind: 'and' | 'or', of: readonly Filter[]): Filter {
  return of.length === 1 ? (of[0] as Filter) : { kind, of };
}

/** A JSON string; the API lets control characters through that JSON itself wants escaped. */
function unquoted({ text, column }: Token): string {
  // eslint-disable-next-line no-control-regex
  const escaped = text.replace(/[\u0000-\u001f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  try {
    return JSON.parse(escaped) as string;
  } catch {
    throw new FilterFault(
      column,
      'This is no text as JSON writes it: a backslash stands before " \\ / b f n r t or u….',
    );
  }
}
