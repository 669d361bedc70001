/** All that a rule says, in words. */

import type { ComponentChildren } from 'preact';
import type { Metric } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { INTERVAL_NAMES } from '../../time/range.ts';
import { Panel } from '../../ui/panel.tsx';
import { filterLine } from '../../question/filter-json.ts';
import { daysWords } from '../../time/clock.ts';
import type { Rule } from './rule.ts';
import { conditionWords, destinationWords, lengthWords, recoverWords, UNKNOWN_NAMES } from './words.ts';

interface Props {
  readonly rule: Rule;
  readonly metric: Metric | null;
}

export function RuleFacts({ rule, metric }: Props) {
  const { locale, now } = usePage();
  const { language } = locale;
  const { condition } = rule;
  const recover = 'recover' in condition ? condition.recover : null;
  return (
    <Panel title="The rule">
      <dl class="alerts-facts">
        {rule.metric !== null && (
          <Fact title="Looks at">
            <bdi>{metric?.title ?? rule.metric}</bdi>
            {rule.interval &&
              `, ${INTERVAL_NAMES[rule.interval].toLowerCase()} by ${INTERVAL_NAMES[rule.interval].toLowerCase()}`}
            {rule.zone && `, ${rule.zone.replaceAll('_', ' ')}`}
          </Fact>
        )}
        {rule.filter && (
          <Fact title="Where">
            <code>{filterLine(rule.filter)}</code>
          </Fact>
        )}
        {rule.groupBy.length > 0 && <Fact title="Each by itself">{rule.groupBy.join(', ')}</Fact>}
        <Fact title="Bad">{conditionWords(condition, metric, language)}</Fact>
        {recover !== null && <Fact title="Well again from">{recoverWords(condition, recover, metric, language)}</Fact>}
        <Fact title="Bad for at least">{lengthWords(rule.hold, language) || 'one period'}</Fact>
        <Fact title="Well for at least">{lengthWords(rule.keepFiring, language) || 'one period'}</Fact>
        <Fact title="Reminds every">{lengthWords(rule.remind, language) || 'never'}</Fact>
        <Fact title="Nothing known">{UNKNOWN_NAMES[rule.onNoData] ?? rule.onNoData}</Fact>
        <Fact title="Cannot be evaluated">{UNKNOWN_NAMES[rule.onError] ?? rule.onError}</Fact>
        <Fact title="Tells">
          <bdi>{rule.to.map(destinationWords).join(', ')}</bdi>
        </Fact>
        <Fact title="Topic">
          <bdi>{rule.topic}</bdi>
        </Fact>
        {rule.owner && (
          <Fact title="Owner">
            <bdi>{rule.owner}</bdi>
          </Fact>
        )}
        {rule.message && (
          <Fact title="In own words">
            <bdi>{rule.message}</bdi>
          </Fact>
        )}
        {rule.mute.map((window, index) => (
          <Fact key={index} title="Quiet">
            {daysWords(window.weekdays, language)} {window.from}–{window.until}, {window.zone.replaceAll('_', ' ')}
          </Fact>
        ))}
        {rule.updatedAt && (
          <Fact title="Changed">
            {instant(rule.updatedAt, locale, now)} by <bdi>{rule.updatedBy}</bdi>
          </Fact>
        )}
        {rule.createdAt && (
          <Fact title="Made">
            {instant(rule.createdAt, locale, now)} by <bdi>{rule.createdBy}</bdi>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
