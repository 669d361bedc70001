/** API tokens, and addresses of their own for spreadsheets: who made them, whether they are used, and their end. */

import { useState } from 'preact/hooks';
import { TOKENS } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago, day } from '../../time/format.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/form.tsx';
import { ListTable, NONE } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { FeedsPanel } from './feeds.tsx';
import { parseTokens, type Token, works } from './token.ts';
import { TokenForm } from './token-form.tsx';

export default function Tokens() {
  const page = usePage();
  const [query, set] = useParameters();
  const close = () => set({ new: null }, true);
  const admin = isAdmin(page);
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Tokens"
        note="Keys for programs: dashboards elsewhere, scripts, the product that sends events, and spreadsheets."
        actions={
          admin && (
            <button type="button" class="button primary" onClick={() => set({ new: 'token' })}>
              Make a token
            </button>
          )
        }
      />
      <Allowed
        may={isAdmin}
        otherwise={
          <Panel title="Only for administrators">
            <p>Tokens are made and revoked by administrators: ask one for a token of the scope that you need.</p>
          </Panel>
        }
      >
        <TokensPanel />
        <FeedsPanel />
      </Allowed>
      {query.get('new') === 'token' && (
        <Dialog title="Make a token" onClose={close}>
          <TokenForm onDone={close} />
        </Dialog>
      )}
    </main>
  );
}

function TokensPanel() {
  const { locale, now, me } = usePage();
  const answer = useQuery(TOKENS, parseTokens);
  const [all, setAll] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const used = (at: Date | null) => (at ? ago(at, now, locale.language) : 'never');
  return (
    <Panel
      title="API tokens"
      busy={answer.loading}
      tools={<Checkbox label="Those that are over, too" checked={all} onChange={setAll} />}
    >
      <Loaded answer={answer}>
        {(tokens) => {
          const shown = tokens.filter((token) => all || works(token, now));
          if (shown.length === 0) return <Empty title="No token">Make one for each program that asks.</Empty>;
          return (
            <ListTable
              label="API tokens"
              rows={shown}
              rowKey={({ id }) => id}
              columns={[
                {
                  title: 'Name',
                  cell: ({ id, name, description }) => (
                    <>
                      <bdi>{name}</bdi>
                      {id === me?.id && <span class="tag">yours</span>}
                      {description && (
                        <span class="form-hint">
                          <bdi>{description}</bdi>
                        </span>
                      )}
                    </>
                  ),
                },
                { title: 'Scope', cell: ({ scope }) => scope },
                { title: 'Begins with', cell: ({ prefix }) => (prefix ? <code>{prefix}…</code> : NONE) },
                {
                  title: 'Made',
                  short: true,
                  cell: ({ createdAt }) => (createdAt ? day(createdAt, locale) : NONE),
                },
                { title: 'Last used', short: true, cell: ({ lastUsedAt }) => used(lastUsedAt) },
                {
                  title: 'Good until',
                  cell: ({ expiresAt, revokedAt }) =>
                    revokedAt ? 'revoked' : expiresAt ? day(expiresAt, locale) : 'it is revoked',
                },
                {
                  title: '',
                  cell: (token) =>
                    works(token, now) && (
                      <button type="button" class="link" onClick={() => setEnding(token)}>
                        Revoke<span class="hidden"> {token.name}</span>
                      </button>
                    ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      {ending && <Revoke token={ending} onClose={() => setEnding(null)} />}
    </Panel>
  );
}

function Revoke({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const { me } = usePage();
  return (
    <Confirm
      title="Revoke this token?"
      action="Revoke it"
      act={(client) => client.change({ method: 'DELETE', path: `/v1/tokens/${encodeURIComponent(token.id)}` })}
      changes={['/v1/tokens']}
      said={`${token.name} is revoked; it works for 15 seconds more at most.`}
      onClose={onClose}
    >
      <p>
        Whatever uses <bdi>{token.name}</bdi> is refused from then on. It cannot be undone.
      </p>
      {token.id === me?.id && (
        <p class="field-problem">You are signed in with this one: this page is refused then, too.</p>
      )}
    </Confirm>
  );
}
