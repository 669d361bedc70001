import { expect, it } from 'vitest';
import { questionOfAddress } from '../../src/pages/explore/address-question.ts';

const read = (address: string) => questionOfAddress(address, 'https://numbers.acme.example', 'Europe/Paris');

it('a feed asks what the explorer’s address asks, whole or without its host', () => {
  const query = { metrics: ['downloads'], range: '90d', interval: 'P1W', tz: 'UTC', group_by: ['version'], top: 5 };

  expect(
    read('https://numbers.acme.example/explore?metrics=downloads&by=version&top=5&range=90d&interval=P1W&tz=UTC'),
  ).toEqual(query);
  expect(read('/explore?metrics=downloads&by=version&top=5&range=90d&interval=P1W&tz=UTC')).toEqual(query);
});

it.each(['/pipeline', 'https://[', '/explore', '/explore?metrics=downloads&top=many'])(
  'says what is wrong with %s',
  (address) => {
    expect(read(address)).toMatch(/\w+ .+/);
  },
);
