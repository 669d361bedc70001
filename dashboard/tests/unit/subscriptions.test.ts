import { describe, expect, it } from 'vitest';
import { inOrder, isOver, parseSubscriptions } from '../../src/pages/subscriptions/subscription.ts';

const all = parseSubscriptions({
  results: ['unsubscribed', 'confirmed', 'bounced', 'expired', 'pending', 'failed', 'confirmed'].map((state, at) => ({
    id: String(at),
    address: `a${at}@example.com`,
    state,
  })),
});

describe('subscriptions', () => {
  it('stand so that those in need of a look come first, and what is over last', () => {
    const order = inOrder(all);
    expect(order.map(({ id }) => id)).toEqual(['2', '4', '5', '1', '6', '0', '3']);
    expect(order.filter(isOver).map(({ state }) => state)).toEqual(['unsubscribed', 'expired']);
  });
});
