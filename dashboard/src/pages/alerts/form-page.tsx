/** A new rule, a copy, or a change of one: all the same form, tried on the past while one types. */

import { useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useStanding } from '../../api/standing.ts';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import './alerts.css';
import { draftOf, draftOfLink } from './draft.ts';
import { RuleForm } from './form.tsx';
import { pathOf } from './rule-actions.ts';
import { parseRule } from './rule.ts';

export default function RuleFormPage() {
  const { params } = useRoute();
  const [query] = useParameters();
  const copied = params.id ? null : query.get('copy');
  return (
    <main id="content" tabIndex={-1}>
      {params.id ? <Change key={params.id} id={params.id} /> : copied ? <Copy key={copied} id={copied} /> : <New />}
    </main>
  );
}

const BACK = { href: '/alerts', label: 'All rules' };

function New() {
  const { locale } = usePage();
  const [query] = useParameters();
  const [first] = useState(() => draftOfLink(query, locale.zone));
  return (
    <>
      <PageHead title="New rule" back={BACK} />
      <RuleForm first={first} standing={null} />
    </>
  );
}

function Copy({ id }: { readonly id: string }) {
  const { locale } = usePage();
  const answer = useStanding(pathOf(id), parseRule);
  return (
    <>
      <PageHead title="New rule" back={BACK} />
      <Loaded answer={answer}>
        {(rule) => <RuleForm first={{ ...draftOf(rule, locale.zone), name: '' }} standing={null} />}
      </Loaded>
    </>
  );
}

function Change({ id }: { readonly id: string }) {
  const { locale } = usePage();
  const answer = useStanding(pathOf(id), parseRule);
  return (
    <>
      <PageHead
        title={answer.data ? `Change: ${answer.data.name}` : 'Change a rule'}
        back={{ href: `/alerts/${encodeURIComponent(id)}`, label: 'The rule' }}
      />
      <Loaded answer={answer}>
        {(rule) => (
          <RuleForm
            key={answer.etag}
            first={draftOf(rule, locale.zone)}
            standing={{ rule, etag: answer.etag, take: answer.take }}
          />
        )}
      </Loaded>
    </>
  );
}
