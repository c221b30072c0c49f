import { uuid } from '../templates/custom-resources.ts';
import {
  arnIn,
  textProperty,
  wholeProperty,
  type Properties,
  type ResourceContext,
} from '../resource.ts';

/** The headers by which an endpoint knows the caller. */
export interface Connection {
  readonly name: string;
  readonly arn: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ApiDestination {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
  readonly connectionArn: string;
  readonly endpoint: URL;
  readonly perSecond: number;
}

/** "The default is 300 invocations per second" (quotas of the user guide). */
const DEFAULT_PER_SECOND = 300;

/** The connections and API destinations of all accounts. */
export class ApiDestinations {
  readonly #connections = new Map<string, Connection>();
  readonly #destinations = new Map<string, ApiDestination>();
  /** The earliest next call of each destination, in epoch milliseconds. */
  readonly #next = new Map<string, number>();

  putConnection(connection: Connection): void {
    this.#connections.set(connection.arn, connection);
  }

  removeConnection(arn: string): void {
    const user = [...this.#destinations.values()].find((each) => each.connectionArn === arn);
    if (user !== undefined)
      throw new Error(`Connection ${arn} can't be deleted: API destination ${user.name} uses it.`);
    this.#connections.delete(arn);
  }

  connection(arn: string): Connection | undefined {
    return this.#connections.get(arn);
  }

  put(destination: ApiDestination): void {
    this.#destinations.set(destination.arn, destination);
  }

  remove(arn: string): void {
    this.#destinations.delete(arn);
  }

  byArn(arn: string): ApiDestination | undefined {
    return this.#destinations.get(arn);
  }

  /** The instant of a call that is ready at `now`: a destination's rate limit spreads the calls of all its rules. */
  turn({ arn, perSecond }: ApiDestination, now: number): number {
    const at = Math.max(now, this.#next.get(arn) ?? 0);
    this.#next.set(arn, at + Math.ceil(1_000 / perSecond));
    return at;
  }
}

/** Reads a connection from a template. Refuses by name an authorization type or parameter that the local cloud does not know. */
export function connectionOf(properties: Properties, context: ResourceContext): Connection {
  const name = nameOf(properties, context);
  const type = textProperty(properties, 'AuthorizationType');
  if (type !== 'API_KEY')
    throw new Error(
      `connection ${name}: the local cloud knows the AuthorizationType API_KEY, got ${type}`,
    );
  const { ApiKeyAuthParameters: key, ...others } = (properties['AuthParameters'] ?? {}) as Readonly<
    Record<string, Properties | undefined>
  >;
  const [unknown] = Object.keys(others);
  if (key === undefined || unknown !== undefined)
    throw new Error(
      `connection ${name}: of AuthParameters the local cloud takes ApiKeyAuthParameters, got ${unknown ?? 'none'}`,
    );
  const header = headerText(textProperty(key, 'ApiKeyName'));
  const headers = { [header]: headerText(textProperty(key, 'ApiKeyValue')) };
  return { name, arn: arnOf('connection', name, context), headers };
}

/** Requires 1 to 512 characters, no control characters (API reference of CreateConnection). Never shows the text: it may be the secret. */
function headerText(text: string): string {
  if (/^[^\u0000-\u001f\u007f]{1,512}$/.test(text)) return text;
  throw new Error(
    `an API key's name and value have 1 to 512 characters without control characters, got ${text.length}`,
  );
}

export function apiDestinationOf(
  properties: Properties,
  context: ResourceContext,
  destinations: ApiDestinations,
): ApiDestination {
  const name = nameOf(properties, context);
  const connectionArn = textProperty(properties, 'ConnectionArn');
  if (destinations.connection(connectionArn) === undefined)
    throw new Error(`API destination ${name}: there is no connection ${connectionArn}`);
  const method = textProperty(properties, 'HttpMethod');
  if (method !== 'POST')
    throw new Error(`API destination ${name}: the local cloud calls by POST alone, got ${method}`);
  const url = textProperty(properties, 'InvocationEndpoint');
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:' || url.includes('*'))
    throw new Error(
      `API destination ${name}: InvocationEndpoint must be an https:// URL (the local cloud knows no path with *), got ${url}`,
    );
  const limit = 'InvocationRateLimitPerSecond';
  const perSecond = wholeProperty(properties, limit, [1, Infinity], DEFAULT_PER_SECOND);
  const { accountId } = context;
  const arn = arnOf('api-destination', name, context);
  return { accountId, name, arn, connectionArn, endpoint: new URL(url), perSecond };
}

function nameOf(properties: Properties, context: ResourceContext): string {
  const name = textProperty(properties, 'Name', context.generatedName(64));
  if (/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) return name;
  throw new Error(`Name must have 1 to 64 of A-Z, a-z, 0-9, ".", "-" and "_", got ${name}`);
}

function arnOf(kind: string, name: string, context: ResourceContext): string {
  return arnIn(
    context,
    'events',
    `${kind}/${name}/${uuid(`${kind} ${context.accountId} ${name}`)}`,
  );
}
