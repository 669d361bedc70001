import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/parts.css';
import './styles/forms.css';
import './session/session.css';
import { type ComponentChild, render } from 'preact';
import { App } from './app.tsx';
import { ConfigProblem, loadConfig } from './config.ts';
import { SIGNED_IN } from './session/pool.ts';
import { takeTokenFromAddress } from './session/session.ts';
import { keeperOf } from './session/start.ts';
import { loadAhead } from './shell/ahead.ts';

// First of all, before anything could read or keep the address: no token and no code stays in it.
const given = takeTokenFromAddress(location, history);
const at = new URL(location.href);
if (at.pathname === SIGNED_IN) history.replaceState(null, '', SIGNED_IN);
loadAhead(at.pathname);

const root = document.getElementById('app') as HTMLElement;

/** In place of what the page came with. */
function show(page: ComponentChild): void {
  root.replaceChildren();
  render(page, root);
}

loadConfig(fetch.bind(globalThis)).then(
  async (config) => {
    const keeper = keeperOf(config);
    const opening = keeper.open(at, given); // at once, for who is signed in: nothing is shown in between
    show(<App config={config} keeper={keeper} />);
    await opening;
  },
  (error: unknown) => {
    const detail = error instanceof ConfigProblem ? error.message : 'The page could not start.';
    show(
      <main class="sign-in">
        <div class="panel" role="alert">
          <h1>Headwater cannot start</h1>
          <p>{detail}</p>
          <button type="button" class="button primary" onClick={() => location.reload()}>
            Try again
          </button>
        </div>
      </main>,
    );
  },
);
