/** What can be done with a rule, at the edge of its row and on its page. */

import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { isAdmin, usePage } from '../../shell/page.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { More } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useTell } from '../../ui/notices.tsx';
import { CHANGES, deleteRule, useSnooze, useSwitch } from './rule-actions.ts';
import type { Rule } from './rule.ts';
import { SnoozeDialog } from './snooze-dialog.tsx';

interface Props {
  readonly rule: Rule;
  readonly onDeleted?: () => void;
}

export function RuleMenu({ rule, onDeleted }: Props) {
  const page = usePage();
  const { route } = useLocation();
  const tell = useTell();
  const [open, setOpen] = useState<'snooze' | 'delete' | null>(null);
  const wake = useSnooze();
  const change = useSwitch();
  const id = encodeURIComponent(rule.id);
  const copy = { label: 'Make one like it', onSelect: () => route(`/alerts/new?copy=${id}`) };
  const snoozed = rule.snoozedUntil !== null && rule.snoozedUntil > page.now;
  const act = async (done: Promise<boolean>, words: string, problem: string) => tell((await done) ? words : problem);
  const items = [
    { label: 'Change', onSelect: () => route(`/alerts/${id}/edit`) },
    snoozed
      ? {
          label: 'Wake',
          onSelect: () => void act(wake.run(rule, null), 'It speaks again.', 'It could not be woken: try again.'),
        }
      : { label: 'Snooze …', onSelect: () => setOpen('snooze') },
    rule.enabled
      ? {
          label: 'Switch off',
          onSelect: () =>
            void act(
              change.run(rule, false),
              'It is off: nothing is looked at.',
              'It could not be switched off: try again.',
            ),
        }
      : {
          label: 'Switch on',
          onSelect: () =>
            void act(
              change.run(rule, true),
              'It is on: it begins with the next bucket.',
              'It could not be switched on: try again.',
            ),
        },
    copy,
    { label: 'Delete …', onSelect: () => setOpen('delete') },
  ];
  return (
    <>
      <Menu label={`More of ${rule.name}`} icon={<More />} items={isAdmin(page) ? items : [copy]} />
      {open === 'snooze' && <SnoozeDialog rule={rule} onClose={() => setOpen(null)} />}
      {open === 'delete' && (
        <Confirm
          title="Delete this rule?"
          action="Delete the rule"
          act={(client) => deleteRule(client, rule)}
          changes={CHANGES}
          said="The rule is deleted."
          onDone={() => {
            setOpen(null);
            onDeleted?.();
          }}
          onClose={() => setOpen(null)}
        >
          <p>
            <bdi class="cut-lines">{rule.name}</bdi>
          </p>
          <p class="muted">
            If it fires, those whom it has told are told that it was deleted. Nobody hears of it any more.
          </p>
        </Confirm>
      )}
    </>
  );
}
