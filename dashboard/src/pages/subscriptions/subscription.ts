/** What somebody hears, as the API keeps it. Pure. */

import {
  count,
  isObject,
  type Json,
  maybeInstant,
  maybeText,
  object,
  oneOf,
  results,
  text,
  texts,
} from '../../api/json.ts';

export const PROTOCOLS = ['email', 'sms', 'html_email'] as const;
export type Protocol = (typeof PROTOCOLS)[number];
export const PROTOCOL_NAMES: Record<Protocol, string> = { email: 'E-mail', sms: 'SMS', html_email: 'HTML e-mail' };
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const CADENCES = ['daily', 'weekly'] as const;
export const ALL = '*';

export interface DigestWish {
  readonly cadence: (typeof CADENCES)[number];
  /** Of the local day. */
  readonly hour: number;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly zone: string;
  readonly metrics: readonly string[];
}

export interface Wishes {
  readonly alerts: readonly string[];
  readonly incidents: readonly string[];
  readonly reports: readonly string[];
  readonly least: Severity;
  readonly digest: DigestWish | null;
}

export interface Subscription extends Wishes {
  readonly id: string;
  readonly protocol: Protocol;
  readonly address: string;
  readonly state: string;
  readonly reason: string | null;
  readonly changedAt: Date | null;
  /** Who changed it last, or asked for it; null: nobody did, it bounced. */
  readonly changedBy: string | null;
  readonly confirmedAt: Date | null;
  readonly askedAt: Date | null;
}

/** How a subscription stands: in a word, and what to do about it. */
export const STANDING: Record<string, { readonly word: string; readonly tone: string; readonly advice: string }> = {
  pending: {
    word: 'Waits for a yes',
    tone: 'warn',
    advice: 'Ask them to look for the request, among unwanted mail too. It stands for two days.',
  },
  confirmed: { word: 'Subscribed', tone: 'good', advice: 'Hears what is chosen here.' },
  expired: { word: 'Nobody said yes', tone: 'idle', advice: 'Nobody said yes within two days: ask again.' },
  unsubscribed: {
    word: 'Ended',
    tone: 'idle',
    advice: 'They, or an administrator, ended it: ask again if they want it.',
  },
  bounced: { word: 'Bounced', tone: 'bad', advice: 'The mailbox is not there, or called a mail spam: ask the person.' },
  failed: { word: 'Refused', tone: 'bad', advice: 'SNS refused it, or has paused it: the reason says why.' },
};

const OVER = ['unsubscribed', 'expired'];
export const isOver = ({ state }: Subscription): boolean => OVER.includes(state);

/** Those that need a look first, then those that hear something, and last what is over; else as they came. */
export function inOrder(all: readonly Subscription[]): Subscription[] {
  const rank = (one: Subscription) => (isOver(one) ? 2 : one.state === 'confirmed' ? 1 : 0);
  return [...all].sort((a, b) => rank(a) - rank(b));
}

export const NO_WISHES: Wishes = { alerts: [ALL], incidents: [], reports: [], least: 'warning', digest: null };

export function newDigest(zone: string): DigestWish {
  return { cadence: 'weekly', hour: 8, weekday: 1, zone, metrics: [] };
}

export function parseSubscriptions(json: unknown): Subscription[] {
  return results(json).map(read);
}

export function parseSubscription(json: unknown): Subscription {
  return read(object(json));
}

function read(row: Json): Subscription {
  return {
    id: text(row.id),
    protocol: oneOf(PROTOCOLS, row.protocol) ?? 'email',
    address: text(row.address),
    state: text(row.state),
    reason: maybeText(row.reason),
    alerts: texts(row.alerts),
    incidents: texts(row.incidents),
    reports: texts(row.reports),
    least: oneOf(SEVERITIES, row.least) ?? 'warning',
    digest: isObject(row.digest) ? readDigest(row.digest) : null,
    changedAt: maybeInstant(row.changed_at),
    changedBy: maybeText(row.changed_by),
    confirmedAt: maybeInstant(row.confirmed_at),
    askedAt: maybeInstant(row.asked_at),
  };
}

function readDigest(row: Json): DigestWish {
  return {
    cadence: oneOf(CADENCES, row.cadence) ?? 'daily',
    hour: count(row.hour),
    weekday: count(row.weekday) || 1,
    zone: text(row.zone),
    metrics: texts(row.metrics),
  };
}

/** As the API takes it: a daily digest has no weekday. */
export function wishesJson({ alerts, incidents, reports, least, digest }: Wishes): Json {
  const { weekday, ...daily } = digest ?? newDigest('UTC');
  return {
    alerts,
    incidents,
    reports,
    least,
    digest: digest && (digest.cadence === 'weekly' ? { ...daily, weekday } : daily),
  };
}

/** What it hears, in words. */
export function heard({ alerts, incidents, reports, least, digest }: Wishes): string {
  const some = (name: string, topics: readonly string[]) =>
    topics.length === 0 ? [] : [topics.includes(ALL) ? `all ${name}` : `${name} on ${topics.join(', ')}`];
  const from = least === 'info' ? '' : ` from ${least} on`;
  const told = [...some('alerts', alerts), ...some('incidents', incidents)].map((words) => words + from);
  const rest = [...some('reports', reports), ...(digest ? [`a ${digest.cadence} digest`] : [])];
  return [...told, ...rest].join('; ') || 'nothing';
}
