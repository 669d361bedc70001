import { describe, expect, it } from 'vitest';
import { goesBy } from '../../src/ui/unsaved.ts';

const at = (address: string) => new URL(address, 'https://headwater.example');

describe('a form with something to lose', () => {
  it('goes by another page, and stays by the parameters of its own', () => {
    const form = { openedBy: null };
    expect(goesBy(form, at('/alerts/new?metric=downloads'), at('/alerts'))).toBe(true);
    expect(goesBy(form, at('/alerts/new?metric=downloads'), at('/alerts/new?range=7d#alerts-tried'))).toBe(false);
  });

  it('goes by the parameter that opens it, and by no other', () => {
    const dialog = { openedBy: 'new' };
    expect(goesBy(dialog, at('/reports?new=yes'), at('/reports'))).toBe(true);
    expect(goesBy(dialog, at('/tokens?new=feed'), at('/tokens?new=token'))).toBe(true);
    expect(goesBy(dialog, at('/reports?new=yes'), at('/reports?new=yes&search=x'))).toBe(false);
  });
});
