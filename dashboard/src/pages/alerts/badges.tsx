/** How a rule stands, by icon, word and colour: never by colour alone. */

import type { JSX } from 'preact';
import { usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { Check, Clock, Dash, Mute, Warning } from '../../ui/icons.tsx';
import type { Rule, Severity } from './rule.ts';
import { type Badge, SEVERITY_NAMES, standing } from './words.ts';

const ICONS: Record<Badge['tone'], () => JSX.Element> = { good: Check, warn: Clock, bad: Warning, idle: Dash };

export function StandingBadge({ badge }: { readonly badge: Badge }) {
  const Icon = ICONS[badge.tone];
  return (
    <span class={`badge ${badge.tone}`}>
      <Icon /> {badge.label}
    </span>
  );
}

export function RuleBadges({ rule }: { readonly rule: Rule }) {
  const { locale, now } = usePage();
  const snoozed = rule.snoozedUntil !== null && rule.snoozedUntil > now ? rule.snoozedUntil : null;
  return (
    <span class="alerts-badges">
      <StandingBadge badge={standing(rule)} />
      {rule.enabled && rule.state.late && (
        <span class="badge warn">
          <Clock /> Source late
        </span>
      )}
      {snoozed && (
        <span class="badge idle">
          <Mute /> Snoozed until {instant(snoozed, locale, now)}
        </span>
      )}
    </span>
  );
}

export function SeverityWord({ severity }: { readonly severity: Severity }) {
  return <span class={`alerts-severity ${severity}`}>{SEVERITY_NAMES[severity]}</span>;
}
