/** Arithmetic over metrics, as the API reads it (metrics/expressions.py): checked while one types, and worked out for a
 * look. The API has the last word. Pure. */

import type { Metric } from '../../api/shapes.ts';
import { Scanner, TextFault, tokensOf } from '../../question/scan.ts';
import { type Fault, faultOf } from './definition.ts';

export const MAX_CHARACTERS = 500;
const MAX_NAMES = 10;
const WORDS = {
  pattern: /\s*(?:(\d{1,15}(?:\.\d{1,9})?(?![\w.]))|([A-Za-z_]\w*)|([()+\-*/]))/y,
  kinds: ['number', 'name', 'sign'] as const,
  unreadable: () => 'Only names of metrics, numbers, + - * / and parentheses are understood.',
};

export type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string; readonly from: number }
  | { readonly kind: 'minus'; readonly of: Tree }
  | { readonly kind: Operator; readonly left: Tree; readonly right: Tree };
type Operator = '+' | '-' | '*' | '/';

export interface Checked {
  readonly tree: Tree | null;
  /** In the order of their first mention. */
  readonly names: readonly string[];
  readonly fault: Fault | null;
}

/** Read an expression and hold its names against the metrics that there are. */
export function check(text: string, metrics: readonly Metric[]): Checked {
  const none = { tree: null, names: [] };
  if (!text.trim()) return { ...none, fault: null };
  if (text.length > MAX_CHARACTERS) {
    const detail = `An expression has at most ${MAX_CHARACTERS} characters.`;
    return { ...none, fault: { from: MAX_CHARACTERS, to: text.length, detail } };
  }
  try {
    const tree = new Reader(tokensOf(text, WORDS), MAX_DEPTH, 'Here fewer parentheses are expected.').whole();
    const mentioned = mentions(tree);
    const fault = mentioned.map((one) => unknown(one, metrics)).find((one) => one !== null) ?? null;
    const names = [...new Set(mentioned.map(({ name }) => name))];
    return { tree, names, fault: fault ?? amount(names, text) };
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    return { ...none, fault: faultOf(error) };
  }
}

function amount(names: readonly string[], text: string): Fault | null {
  if (names.length === 0) return { from: 0, to: text.length, detail: 'An expression names at least one metric.' };
  if (names.length <= MAX_NAMES) return null;
  return { from: 0, to: text.length, detail: `An expression names at most ${MAX_NAMES} metrics.` };
}

interface Mention {
  readonly name: string;
  readonly from: number;
}

function unknown({ name, from }: Mention, metrics: readonly Metric[]): Fault | null {
  const known = metrics.find((metric) => metric.name === name);
  const at = { from, to: from + name.length };
  if (!known) {
    const instead = nearest(
      name,
      metrics.map((metric) => metric.name),
    );
    return { ...at, detail: `There is no metric “${name}”.`, instead };
  }
  if (known.kind === 'derived') {
    return { ...at, detail: `“${name}” is an expression itself: write what it stands for.` };
  }
  return null;
}

function mentions(tree: Tree): Mention[] {
  switch (tree.kind) {
    case 'number':
      return [];
    case 'name':
      return [tree];
    case 'minus':
      return mentions(tree.of);
    default:
      return [...mentions(tree.left), ...mentions(tree.right)];
  }
}

/** Deeper than this nobody writes, and a reader that recurses has an end. */
const MAX_DEPTH = 100;

class Reader extends Scanner<(typeof WORDS.kinds)[number]> {
  whole(): Tree {
    const found = this.sum();
    if (this.now.kind !== 'end') throw this.expected('+ - * / or the end');
    return found;
  }

  private sum(): Tree {
    let found = this.product();
    for (let sign = this.sign('+', '-'); sign; sign = this.sign('+', '-')) {
      found = { kind: sign, left: found, right: this.product() };
    }
    return found;
  }

  private product(): Tree {
    let found = this.one();
    for (let sign = this.sign('*', '/'); sign; sign = this.sign('*', '/')) {
      found = { kind: sign, left: found, right: this.one() };
    }
    return found;
  }

  private one(): Tree {
    return this.inside(() => this.inner());
  }

  private inner(): Tree {
    const { kind, from } = this.now;
    if (kind === 'number') return { kind, value: Number(this.next().text) };
    if (kind === 'name') return { kind, name: this.next().text, from };
    if (this.takes('-')) return { kind: 'minus', of: this.one() };
    if (!this.takes('(')) throw this.expected('a metric, a number or “(”');
    const found = this.sum();
    if (!this.takes(')')) throw this.expected('“)”');
    return found;
  }

  private sign(...wanted: Operator[]): Operator | null {
    const found = wanted.find((sign) => this.takes(sign));
    return found ?? null;
  }
}

/** Its value where the metrics have these; null where something has none, or is divided by zero. */
export function valueOf(tree: Tree, of: ReadonlyMap<string, number | null>): number | null {
  switch (tree.kind) {
    case 'number':
      return tree.value;
    case 'name':
      return of.get(tree.name) ?? null;
    case 'minus': {
      const value = valueOf(tree.of, of);
      return value === null ? null : -value;
    }
    default: {
      const left = valueOf(tree.left, of);
      const right = valueOf(tree.right, of);
      return left === null || right === null ? null : calculated(tree.kind, left, right);
    }
  }
}

function calculated(kind: Operator, left: number, right: number): number | null {
  switch (kind) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
  }
}

/** The name that is being typed before the caret; null where none is. */
export function wordAt(text: string, caret: number): { readonly from: number; readonly word: string } | null {
  const word = /[A-Za-z_]\w*$/.exec(text.slice(0, caret))?.[0];
  return word ? { from: caret - word.length, word } : null;
}

/** Names that a typed beginning can be completed to: those that begin with it first, then those whose title has it. */
export function completions(word: string, metrics: readonly Metric[], most = 8): Metric[] {
  const wanted = word.toLowerCase();
  const usable = metrics.filter(({ kind }) => kind !== 'derived');
  const begins = usable.filter(({ name }) => name.startsWith(wanted));
  const has = usable.filter(
    ({ name, title }) => !name.startsWith(wanted) && `${name} ${title}`.toLowerCase().includes(wanted),
  );
  return [...begins, ...has].slice(0, most);
}

/** The name that is most like one; null when none is alike. */
export function nearest(name: string, names: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(name.length / 3));
  const scored = names
    .filter((one) => Math.abs(one.length - name.length) <= most)
    .map((one) => ({ one, far: distance(name, one) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far);
  return scored[0]?.one ?? null;
}

/** Letters to add, take away or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
