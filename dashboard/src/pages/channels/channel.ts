/** Channels: Slack and webhooks that are told, as the API keeps them; their secrets never come back. Pure. */

import { count, maybeText, oneOf, results, text } from '../../api/json.ts';

export const CHANNEL_KINDS = ['slack_bot', 'slack_webhook', 'webhook'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
export const CHANNEL_WORDS: Record<ChannelKind, string> = {
  slack_bot: 'Slack, by a bot: files too',
  slack_webhook: 'Slack, by an incoming webhook',
  webhook: 'A webhook: any program',
};

export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly enabled: boolean;
  readonly perMinute: number;
  /** What of its secret may be shown. */
  readonly shown: string;
  readonly slackChannel: string | null;
}

export function parseChannels(json: unknown): Channel[] {
  return results(json).map((row) => ({
    name: text(row.name),
    kind: oneOf(CHANNEL_KINDS, row.kind) ?? 'webhook',
    enabled: row.enabled === true,
    perMinute: count(row.per_minute),
    shown: text(row.shown),
    slackChannel: maybeText(row.slack_channel),
  }));
}

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
