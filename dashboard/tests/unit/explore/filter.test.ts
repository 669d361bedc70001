import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, OPERATORS, parseFilter, printFilter } from '../../../src/question/filter.ts';
import { TextFault } from '../../../src/question/scan.ts';
import {
  filterOfRows,
  ROW_OPERATORS,
  rowsOf,
  rowsOfText,
  takesValue,
  textOfRows,
} from '../../../src/question/filter-rows.ts';

const RESERVED = ['and', 'or', 'not', 'null', ...OPERATORS] as string[];
const dimension = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,9}(\.[a-z_][a-z0-9_]{0,9})?$/)
  .filter((name) => !RESERVED.includes(name));
/** Any text at all: quotes, backslashes, control characters, right-to-left, halves of pairs. */
const value = fc.string({ unit: 'binary', maxLength: 40 });

const condition = fc
  .tuple(dimension, fc.constantFrom(...OPERATORS), fc.option(value))
  .map(([name, operator, given]): Filter => {
    const nullable = operator === 'is' || operator === 'is_not';
    return { kind: 'condition', dimension: name, operator, value: given ?? (nullable ? null : '') };
  });

/** What the parser can answer: and, or of two parts at least, and none directly in its own kind where brackets go. */
const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    condition,
    tie('tree').map((of): Filter => ({ kind: 'not', of })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 4 }))
      .map(([kind, of]): Filter => ({ kind, of })),
  ),
}));

const row = fc
  .tuple(dimension, fc.constantFrom(...ROW_OPERATORS), value)
  .map(([name, operator, given]) => ({ dimension: name, operator, value: takesValue(operator) ? given : '' }));

describe('a filter as text', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(tree, (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
    );
  });

  it('never fails but by a fault with its column', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'b', ' ', '"', '\\', '(', ')', '_', '\n', 'is', ' and ', ' or ', ' not ', 'null'),
        }),
        (text) => {
          try {
            parseFilter(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TextFault);
            const { column } = error as TextFault;
            expect(column >= 1 && column <= text.length + 1).toBe(true);
          }
        },
      ),
    );
  });

  it.each([
    ['version is "3.10.0"', { kind: 'condition', dimension: 'version', operator: 'is', value: '3.10.0' }],
    ['version is not null', { kind: 'condition', dimension: 'version', operator: 'is_not', value: null }],
    ['  version   is_not "a\\"b" ', { kind: 'condition', dimension: 'version', operator: 'is_not', value: 'a"b' }],
  ])('%s', (text, filter) => expect(parseFilter(text)).toEqual(filter));

  it('binds “and” closer than “or”, and “not” closer than both', () => {
    const text = 'a is "1" or not b is "2" and c is "3"';
    expect(printFilter(parseFilter(text))).toBe(text);
    expect(parseFilter(text).kind).toBe('or');
  });

  it.each([
    ['', 1, 'a dimension'],
    ['version', 8, '“is”'],
    ['version is', 11, 'double quotes'],
    ['version contains null', 18, 'double quotes'],
    ['version is "3', 12, 'does not end'],
    ['version is "3" and', 19, 'a dimension'],
    ['(version is "3"', 16, '“)”'],
    ['version is "3" version', 16, '“and”'],
    ['version = "3"', 9, '“=”'],
    ['version is "\\x"', 12, 'backslash'],
  ])('says what is wrong with: %s', (text, column, words) => {
    const fault = (() => {
      try {
        return parseFilter(text);
      } catch (error) {
        return error;
      }
    })() as TextFault;
    expect(fault).toBeInstanceOf(TextFault);
    expect(fault.column).toBe(column);
    expect(fault.message).toContain(words);
  });

  it('is at most so deep', () => {
    expect(() => parseFilter(`${'('.repeat(40)}a is "1"${')'.repeat(40)}`)).toThrow('levels deep');
  });
});

describe('a filter as rows', () => {
  it('goes to text and back', () => {
    fc.assert(
      fc.property(fc.constantFrom('and' as const, 'or' as const), fc.array(row, { maxLength: 6 }), (join, rows) => {
        const back = rowsOfText(textOfRows({ join, rows }));
        expect(back?.rows).toEqual(rows);
        if (rows.length > 1) expect(back?.join).toBe(join);
      }),
    );
  });

  it('says the same as the tree that it came from', () => {
    fc.assert(
      fc.property(tree, (filter) => {
        const rows = rowsOf(filter);
        if (rows) expect(rowsOf(filterOfRows(rows))).toEqual(rows);
      }),
    );
  });

  it('has no rows for what nests', () => {
    expect(rowsOfText('a is "1" and (b is "2" or c is "3")')).toBeNull();
    expect(rowsOfText('not (a is "1" or b is "2")')).toBeNull();
    expect(rowsOfText('not a is')).toBeNull();
    expect(rowsOfText('  ')).toEqual({ join: 'and', rows: [] });
  });
});
