/** A new rule, a copy, or a change of one: all the same form, tried on the past while one types. */

import { useRoute } from 'preact-iso';
import { useMemo, useState } from 'preact/hooks';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { ProblemBox, RowsSkeleton } from '../../ui/states.tsx';
import './alerts.css';
import { draftOf, draftOfLink } from './draft.ts';
import { RuleForm } from './form.tsx';
import { useRuleOnce } from './rule-once.ts';

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

const BACK = <a href="/alerts">Alerts</a>;

function New() {
  const { locale } = usePage();
  const [query] = useParameters();
  const [first] = useState(() => draftOfLink(query, locale.zone));
  return (
    <>
      <PageHead title="New rule" note={BACK} />
      <RuleForm first={first} standing={null} />
    </>
  );
}

function Copy({ id }: { readonly id: string }) {
  const { locale } = usePage();
  const { found, problem, slow, load } = useRuleOnce(id);
  const first = useMemo(() => found && { ...draftOf(found.rule, locale.zone), name: '' }, [found, locale.zone]);
  return (
    <>
      <PageHead title="New rule" note={BACK} />
      {first ? <RuleForm first={first} standing={null} /> : <Waiting problem={problem} slow={slow} load={load} />}
    </>
  );
}

function Change({ id }: { readonly id: string }) {
  const { locale } = usePage();
  const { found, problem, slow, load } = useRuleOnce(id);
  const first = useMemo(() => found && draftOf(found.rule, locale.zone), [found, locale.zone]);
  return (
    <>
      <PageHead
        title={found ? `Change: ${found.rule.name}` : 'Change a rule'}
        note={
          <>
            {BACK} · <a href={`/alerts/${encodeURIComponent(id)}`}>the rule</a>
          </>
        }
      />
      {first && found ? (
        <RuleForm key={found.etag} first={first} standing={found} onReload={load} />
      ) : (
        <Waiting problem={problem} slow={slow} load={load} />
      )}
    </>
  );
}

function Waiting({ problem, slow, load }: Pick<ReturnType<typeof useRuleOnce>, 'problem' | 'slow' | 'load'>) {
  return problem ? <ProblemBox problem={problem} retry={load} /> : <RowsSkeleton slow={slow} />;
}
