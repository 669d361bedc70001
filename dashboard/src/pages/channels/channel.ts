/** Channels: Slack and webhooks that are told, as the API keeps them; their secrets never come back. Pure. */

import { count, maybeInstant, maybeText, object, oneOf, results, text } from '../../api/json.ts';

export const CHANNEL_KINDS = ['slack_bot', 'slack_webhook', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
export const CHANNEL_WORDS: Record<ChannelKind, string> = {
  slack_bot: 'Slack, by a bot: files too',
  slack_webhook: 'Slack, by an incoming webhook',
  webhook: 'A webhook: any program',
};

export const CHANNELS = '/v1/channels';
export const pathOf = (name: string) => `${CHANNELS}/${encodeURIComponent(name)}`;

export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly enabled: boolean;
  readonly perMinute: number;
  /** What of its secret may be shown. */
  readonly shown: string;
  readonly slackChannel: string | null;
  readonly changedAt: Date | null;
}

export function parseChannel(json: unknown): Channel {
  const row = object(json);
  return {
    name: text(row.name),
    kind: oneOf(CHANNEL_KINDS, row.kind) ?? 'webhook',
    enabled: row.enabled === true,
    perMinute: count(row.per_minute),
    shown: text(row.shown),
    slackChannel: maybeText(row.slack_channel),
    changedAt: maybeInstant(row.changed_at),
  };
}

export const parseChannels = (json: unknown): Channel[] => results(json).map(parseChannel);

/** The fields of each kind: what the API takes, what it is called, and what to write there. */
export const FIELDS: Record<
  ChannelKind,
  readonly { readonly name: string; readonly label: string; readonly hint: string }[]
> = {
  slack_bot: [
    { name: 'token', label: 'Bot token', hint: 'xoxb-…, from the Slack app’s page.' },
    { name: 'slack_channel', label: 'Channel id', hint: 'C0123456789: at the end of the channel’s details in Slack.' },
  ],
  slack_webhook: [{ name: 'url', label: 'Webhook address', hint: 'https://hooks.slack.com/services/…' }],
  webhook: [
    { name: 'url', label: 'Address', hint: 'Where to post, https only.' },
    { name: 'signing_secret', label: 'Signing secret', hint: 'whsec_…: its receiver has the same.' },
  ],
};
