import { createHash } from 'node:crypto';
import {
  parseTemplate,
  placeOf,
  UnexplainedTemplate,
  type TemplatePlace,
} from '../../../approval/template.ts';
import { LOCAL_TEMPLATE_FILE } from '../../../../messages/local-cloud.ts';
import { CommandFailure } from '../../output/failure.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';

/** What the buyer file is called that a buyer is sent. */
export const TEMPLATE_FILE = 'license-watcher-buyer.json';

/** Makes the template that the launch command names. */
export const TEMPLATE_COMMAND = `npm run --silent buyer-template > ${TEMPLATE_FILE}`;

export interface SellerTemplate {
  readonly text: string;
  /** Lower-case hex, of the text as UTF-8. */
  readonly sha256: string;
}

/** The template that this watcher's buyers launch; one that was made for another watcher is refused. */
export async function sellerTemplate(
  watcher: Watcher,
  local: LocalEndpoint,
  io: Io,
): Promise<SellerTemplate> {
  const text = local === undefined ? await made(io) : await ofTheLocalCloud(io);
  const place = placeIn(text);
  const source = local === undefined ? 'cdk.json makes' : `${LOCAL_TEMPLATE_FILE} is`;
  if (place.deployment !== watcher.deployment || place.region !== watcher.region) {
    throw new CommandFailure(
      `${source} a template for the deployment ${JSON.stringify(place.deployment)} in ${place.region}, but the buyer would be invited by ${JSON.stringify(watcher.deployment)} in ${watcher.region}: give --deployment and --region as in cdk.json, or change "deployment" and "region" there; nothing was done`,
    );
  }
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

function made(io: Io): Promise<string> {
  if (io.progress) io.stderr('Making the buyer template, which takes a few seconds.\n');
  return io.buyerTemplate();
}

async function ofTheLocalCloud(io: Io): Promise<string> {
  const text = await io.readFile(LOCAL_TEMPLATE_FILE);
  if (text !== undefined) return text;
  throw new CommandFailure(
    `${LOCAL_TEMPLATE_FILE} is not in the working directory: start the local cloud anew with "npm start"; nothing was done`,
  );
}

function placeIn(text: string): TemplatePlace {
  try {
    return placeOf(parseTemplate(text));
  } catch (error) {
    if (!(error instanceof UnexplainedTemplate)) throw error;
    throw new CommandFailure(
      `the buyer template is not one of this version (${error.message}): make it with this checkout; nothing was done`,
      1,
      { cause: error },
    );
  }
}
