import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/parts.css';
import './styles/forms.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { ConfigProblem, loadConfig } from './config.ts';
import { storeToken, takeTokenFromAddress } from './session.ts';

// First of all, before anything could read or keep the address.
const given = takeTokenFromAddress(location, history);
if (given) storeToken(sessionStorage, given);

const root = document.getElementById('app') as HTMLElement;

loadConfig(fetch.bind(globalThis)).then(
  (config) => render(<App config={config} given={given} />, root),
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
