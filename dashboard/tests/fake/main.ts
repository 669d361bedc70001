/** `node tests/fake/main.ts [scenario] [port]`: the built site with the API made for tests, to look at. */

import { SCENARIOS } from './api.ts';
import { startFakeSite } from './server.ts';

const [wanted = 'fine', port = '18602'] = process.argv.slice(2);
const scenario = SCENARIOS.find((name) => name === wanted);
if (!scenario) {
  console.error(`There is no scenario ${wanted}; known are ${SCENARIOS.join(', ')}.`);
  process.exit(1);
}
const site = await startFakeSite(Number(port), new Date());
site.scenario = scenario;
console.log(`${site.url}/ (${scenario})`);
