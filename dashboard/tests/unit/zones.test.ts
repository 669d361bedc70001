import { describe, expect, it } from 'vitest';
import { addDays, allZones, dateIn, isDate, isZone, offsetLabel, shiftDays, startOfDay } from '../../src/time/zones.ts';

describe('the start of a day', () => {
  it.each([
    ['UTC', '2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['Asia/Kathmandu', '2026-11-01', '2026-10-31T18:15:00.000Z'],
    ['America/St_Johns', '2026-01-01', '2026-01-01T03:30:00.000Z'],
    ['Pacific/Chatham', '2026-01-01', '2025-12-31T10:15:00.000Z'],
    // The clocks go from 00:00 to 01:00 here: the day begins at one.
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
    // The day after a clock change, in both directions.
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
  ])('in %s of %s is %s', (zone, date, expected) => {
    expect(startOfDay(zone, date).toISOString()).toBe(expected);
  });
});

it('shifts by calendar days, keeping the clock', () => {
  const at = new Date('2026-11-02T14:00:00Z'); // 09:00 in New York, a day after summer time

  expect(shiftDays('America/New_York', at, -7).toISOString()).toBe('2026-10-26T13:00:00.000Z');
});

it.each([
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['2026-13-01', false],
  ['26-01-01', false],
  ['', false],
])('knows whether %s is a date', (text, expected) => {
  expect(isDate(text)).toBe(expected);
});

it('adds days over the end of a year', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

it('knows zones, and names their offsets', () => {
  expect(isZone('Europe/Berlin')).toBe(true);
  expect(isZone('Mars/Olympus')).toBe(false);
  expect(allZones()[0]).toBe('UTC');
  expect(offsetLabel('Asia/Kathmandu', new Date('2026-01-01'))).toBe('UTC+05:45');
  expect(offsetLabel('America/St_Johns', new Date('2026-01-01'))).toBe('UTC−03:30');
});

it.each([
  ['UTC', '2026-11-22'],
  ['Pacific/Auckland', '2026-11-23'],
  ['America/Los_Angeles', '2026-11-22'],
])('knows which date it is in %s', (zone, expected) => {
  expect(dateIn(zone, new Date('2026-11-22T11:30:00Z'))).toBe(expected);
});
