import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/ui/placing.ts';

const SCREEN = { width: 1000, height: 800 };
const at = (left: number, top: number) => ({ left, top, right: left + 120, bottom: top + 36 });

describe('where a list opens', () => {
  it('is below its control, from the side that it is told', () => {
    expect(placeOf(at(300, 100), { width: 340, height: 320 }, SCREEN, 'start')).toEqual({ left: 300, top: 142 });
    expect(placeOf(at(300, 100), { width: 190, height: 200 }, SCREEN, 'end')).toEqual({ left: 230, top: 142 });
  });

  it('is moved in where it would pass an edge', () => {
    expect(placeOf(at(870, 100), { width: 340, height: 320 }, SCREEN, 'start').left).toBe(652);
    expect(placeOf(at(10, 100), { width: 190, height: 200 }, SCREEN, 'end').left).toBe(8);
  });

  it('is above its control where there is no room below', () => {
    expect(placeOf(at(300, 700), { width: 190, height: 200 }, SCREEN, 'end').top).toBe(494);
  });

  it('is as far up as it has to be where there is room on neither side', () => {
    expect(placeOf(at(300, 150), { width: 190, height: 700 }, SCREEN, 'end').top).toBe(92);
    expect(placeOf(at(300, 150), { width: 190, height: 900 }, SCREEN, 'end').top).toBe(8);
  });

  it('is on the screen wherever the control is', () => {
    for (let left = -200; left < 1200; left += 35)
      for (let top = -100; top < 900; top += 35) {
        const place = placeOf(at(left, top), { width: 340, height: 320 }, SCREEN, 'start');
        expect(place.left).toBeGreaterThanOrEqual(8);
        expect(place.left + 340).toBeLessThanOrEqual(992);
        if (place.top + 320 > 792 || place.top < 8) expect(top).toBeLessThan(0);
      }
  });
});
