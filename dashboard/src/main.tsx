import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/parts.css';
import './styles/forms.css';
import './session/session.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { ConfigProblem, loadConfig } from './config.ts';
import { SIGNED_IN } from './session/pool.ts';
import { takeTokenFromAddress } from './session/session.ts';
import { keeperOf } from './session/start.ts';

// First of all, before anything could read or keep the address: no token and no code stays in it.
const given = takeTokenFromAddress(location, history);
const at = new URL(location.href);
if (at.pathname === SIGNED_IN) history.replaceState(null, '', SIGNED_IN);

const root = document.getElementById('app') as HTMLElement;

loadConfig(fetch.bind(globalThis)).then(
  async (config) => {
    const keeper = keeperOf(config);
    render(<App config={config} keeper={keeper} />, root);
    await keeper.open(at, given);
  },
  (error: unknown) => {
    const detail = error instanceof ConfigProblem ? error.message : 'The page could not start.';
    render(
      <main class="sign-in">
        <div class="panel" role="alert">
          <h1>Headwater cannot start</h1>
          <p>{detail}</p>
          <button type="button" class="button primary" onClick={() => location.reload()}>
            Try again
          </button>
        </div>
      </main>,
      root,
    );
  },
);
