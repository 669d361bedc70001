/** A text that people type, cut into its tokens, and a reader that goes through them one by one: filters and
 * expressions are read by it. What is not understood is a fault at its place. Pure. */

/** A part of a text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a text, and from where to where. */
export class TextFault extends Error implements Span {
  readonly from: number;
  readonly to: number;

  constructor(from: number, to: number, what: string) {
    super(what);
    this.from = from;
    this.to = to;
  }

  /** As people and the API count: from 1. */
  get column(): number {
    return this.from + 1;
  }
}

export interface Token<Kind extends string> {
  readonly kind: Kind | 'end';
  readonly text: string;
  readonly from: number;
}

interface Words<Kind extends string> {
  /** Sticky, with a group for each kind, after the space before it. */
  readonly pattern: RegExp;
  readonly kinds: readonly Kind[];
  /** Said of a sign that begins no token. */
  readonly unreadable: (sign: string) => string;
}

export function tokensOf<Kind extends string>(text: string, words: Words<Kind>): Token<Kind>[] {
  const { kinds, unreadable } = words;
  const pattern = new RegExp(words.pattern);
  const found: Token<Kind>[] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) {
      const from = at + (text.slice(at).length - text.slice(at).trimStart().length);
      throw new TextFault(from, from + 1, unreadable(text[from] ?? ''));
    }
    const [whole, ...groups] = match as (string | undefined)[];
    const which = groups.findIndex((group) => group !== undefined);
    const token = groups[which] ?? '';
    found.push({ kind: kinds[which] as Kind, text: token, from: at + (whole?.length ?? 0) - token.length });
  }
  return [...found, { kind: 'end', text: '', from: text.length }];
}

/** Goes through tokens; what is read by recursion counts how deep it is, so that it has an end. */
export class Scanner<Kind extends string> {
  private at = 0;
  private deep = 0;
  private readonly tokens: readonly Token<Kind>[];
  private readonly deepest: number;
  private readonly tooDeep: string;

  constructor(tokens: readonly Token<Kind>[], deepest: number, tooDeep: string) {
    this.tokens = tokens;
    this.deepest = deepest;
    this.tooDeep = tooDeep;
  }

  protected get now(): Token<Kind> {
    return this.tokens[this.at] as Token<Kind>;
  }

  protected next(): Token<Kind> {
    const { now } = this;
    this.at += 1;
    return now;
  }

  protected takes(text: string): boolean {
    const taken = this.now.kind !== 'end' && this.now.text === text;
    if (taken) this.at += 1;
    return taken;
  }

  protected inside<T>(read: () => T): T {
    this.deep += 1;
    if (this.deep > this.deepest) throw this.wrong(this.tooDeep);
    const found = read();
    this.deep -= 1;
    return found;
  }

  protected wrong(what: string): TextFault {
    const { text, from } = this.now;
    return new TextFault(from, from + Math.max(1, text.length), what);
  }

  protected expected(what: string): TextFault {
    const found = this.now.kind === 'end' ? 'the end' : `“${this.now.text.slice(0, 40)}”`;
    return this.wrong(`Here ${what} is expected, not ${found}.`);
  }
}
