import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/pages/dashboards/dashboard.ts';
import { begin, dropIndex, freeId, moved, step, type Step } from '../../../src/pages/dashboards/draft.ts';
import { asking } from '../../../src/question/question.ts';
import type { Widget } from '../../../src/widgets/widget.ts';

const widget = (id: string): Widget => ({
  id,
  kind: 'line',
  title: '',
  width: 6,
  height: 3,
  question: asking(['downloads']),
  text: '',
  target: null,
});
const content = (...ids: string[]): Content => ({
  name: 'Mine',
  description: '',
  range: '30d',
  zone: null,
  widgets: ids.map(widget),
});
const order = ({ widgets }: Content) => widgets.map(({ id }) => id);

const ids = fc.constantFrom('w1', 'w2', 'w3', 'nobody');
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('move' as const), id: ids, to: fc.integer({ min: -3, max: 9 }) }),
  fc.record({ do: fc.constant('remove' as const), id: ids }),
  fc.record({ do: fc.constant('duplicate' as const), id: ids }),
  fc.record({
    do: fc.constant('resize' as const),
    id: ids,
    width: fc.integer({ min: -5, max: 30 }),
    height: fc.integer({ min: -5, max: 30 }),
  }),
  fc.record({ do: fc.constant('change' as const), part: fc.record({ name: fc.string({ maxLength: 3 }) }) }),
  fc.record({ do: fc.constant('add' as const), widget: fc.constant(widget('new')) }),
);

describe('a draft', () => {
  it('leads back to where it began, and forth again, whatever was done', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), (all) => {
        const start = content('w1', 'w2', 'w3');
        const end = all.reduce(step, begin(start));
        const back = end.past.reduce((draft) => step(draft, { do: 'undo' }), end);
        const forth = back.future.reduce((draft) => step(draft, { do: 'redo' }), back);

        expect(back.now).toEqual(start);
        expect(forth.now).toEqual(end.now);
        expect(forth.past).toHaveLength(end.past.length);
      }),
    );
  });

  it('keeps every widget within the grid, each with an id of its own', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), (all) => {
        const { now } = all.reduce(step, begin(content('w1', 'w2', 'w3')));

        expect(new Set(order(now)).size).toBe(now.widgets.length);
        for (const { width, height } of now.widgets) {
          expect(width).toBeGreaterThanOrEqual(1);
          expect(width).toBeLessThanOrEqual(12);
          expect(height).toBeGreaterThanOrEqual(1);
          expect(height).toBeLessThanOrEqual(6);
        }
      }),
    );
  });

  it('takes what is typed on in one field as one step', () => {
    const typed = ['M', 'Mi', 'Min'].reduce(
      (draft, name) => step(draft, { do: 'change', part: { name } }),
      begin(content()),
    );

    expect(typed.past).toHaveLength(1);
    expect(step(typed, { do: 'undo' }).now.name).toBe('Mine');
  });

  it('gives what one had back after what somebody else saved was taken', () => {
    const mine = step(begin(content('w1')), { do: 'remove', id: 'w1' });
    const taken = step(mine, { do: 'take', content: { ...content('w1', 'w2'), name: 'Theirs' } });

    expect(taken.now.name).toBe('Theirs');
    expect(step(taken, { do: 'undo' }).now).toEqual(mine.now);
  });

  it('holds no more widgets than a dashboard may have', () => {
    const many = content(...Array.from({ length: 100 }, (_, index) => `w${index + 1}`));

    expect(step(begin(many), { do: 'add', widget: widget('new') }).now.widgets).toHaveLength(100);
  });
});

it('the first free id is taken', () => {
  expect(freeId([widget('w1'), widget('w3')])).toBe('w2');
});

it('moving changes the order and nothing else', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3 }), fc.nat({ max: 3 }), (from, to) => {
      const all = ['w1', 'w2', 'w3', 'w4'].map(widget);
      const after = moved(all, `w${from + 1}`, to).map(({ id }) => id);

      expect(after[to]).toBe(`w${from + 1}`);
      expect([...after].sort()).toEqual(['w1', 'w2', 'w3', 'w4']);
    }),
  );
});

describe('where a widget is dropped', () => {
  // Two in the first row, one below.
  const boxes = [
    { left: 0, right: 100, top: 0, bottom: 50 },
    { left: 110, right: 210, top: 0, bottom: 50 },
    { left: 0, right: 210, top: 60, bottom: 110 },
  ];

  it.each([
    [10, 20, 0],
    [90, 20, 1],
    [200, 20, 2],
    [20, 80, 2],
    [200, 80, 3],
    [20, 400, 3],
    [20, -10, 0],
  ])('at %i, %i it is place %i', (x, y, place) => {
    expect(dropIndex(boxes, x, y)).toBe(place);
  });
});
