import type { PlainRoute } from '../cloud/front.ts';
import { html, refused } from './answer.ts';
import { answerApi, type ApiOperations } from './api.ts';
import { foreign, type Guarded } from './guard.ts';
import type { Page } from './page.ts';

const PATH = '/console';

/** Answers the console's page and its API, and nothing else. */
export function consoleRoute(
  page: Page,
  guarded: Guarded,
  dependencies: ApiOperations,
): PlainRoute {
  return (request) => {
    const { path, method } = request;
    const [bare = ''] = path.split('?');
    if (bare !== PATH && !bare.startsWith(`${PATH}/`)) return undefined;
    const problem = foreign(request, guarded);
    if (problem !== undefined) return refused(403, problem);
    if (bare.startsWith(`${PATH}/api/`))
      return answerApi(path.slice(`${PATH}/api/`.length), request, dependencies);
    if (method === 'GET' && (bare === PATH || bare === `${PATH}/`))
      return html(page.html, page.policy);
    return refused(404, `there is nothing at ${method} ${bare}; the console is at ${PATH}`);
  };
}
