import { type DeployedProduct, settingsAnswer } from '../../messages/requests.ts';
import { answerFrom } from './answer.ts';
import type { Watcher } from './io.ts';

/** The products that the watcher was deployed with. Later changes in `cdk.json` are not looked at. */
export async function deployedProducts(
  watcher: Pick<Watcher, 'invoke'>,
): Promise<readonly DeployedProduct[]> {
  const request = { format: 1, request: 'settings' };
  return (await answerFrom(watcher, 'checks', request, settingsAnswer)).products;
}
