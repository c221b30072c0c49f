import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { detail } from './detail.ts';
import { list } from './list.ts';
import { machineForm } from './machine-form.ts';
import { everyBuyer, overview } from './overview.ts';
import type { Io, Watcher } from '../../io.ts';

export async function buyers(
  only: Buyer | undefined,
  options: { json?: boolean },
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const overviews =
    only === undefined ? await everyBuyer(watcher) : [await overview(only, watcher)];
  if (options.json === true)
    io.stdout(`${JSON.stringify(overviews.map(machineForm), undefined, 2)}\n`);
  else if (only !== undefined)
    for (const each of overviews) io.stdout(`${detail(each, io).join('\n')}\n`);
  else if (overviews.length === 0)
    io.stderr('Nobody is invited yet: see "license-watcher invite --help".\n');
  else io.stdout(`${list(overviews, io).join('\n')}\n`);
}
