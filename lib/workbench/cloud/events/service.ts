import type { Access } from '../access.ts';
import type { AwsCall, AwsService } from '../call.ts';
import { AwsFault, requireKnownMembers } from '../fault.ts';
import { jsonService, type JsonInput } from '../json-protocol.ts';
import { policyOf, type EventBuses } from './event-buses.ts';

const MOST_ENTRIES = 10;
/** "the total entry size must be less than 1MB" (the client's model; 256 KB until January 2026). */
const MAX_BYTES = 1_048_576;
const BUS_NAME =
  /^(?:arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/.\-_A-Za-z0-9]+$/;

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

/** The endpoint `events`. Only templates make buses and rules. */
export function eventsService(buses: EventBuses, access: Access): AwsService {
  return jsonService({
    name: 'events',
    protocol: { version: '1.1', targetPrefix: 'AWSEvents' },
    operations: { PutEvents: (input, call) => putEvents(input, call, buses, access) },
    denial: ['AccessDeniedException', 400],
  });
}

async function putEvents(
  input: JsonInput,
  call: AwsCall,
  buses: EventBuses,
  access: Access,
): Promise<object> {
  const entries = entriesOf(input);
  const { accountId } = call.caller;
  for (const entry of entries) await authorize(entry, call, buses, access);
  const results = entries.map((entry) => {
    const fault = faultIn(entry);
    if (fault !== undefined) return { ErrorCode: fault.code, ErrorMessage: fault.message };
    const { Source: source = '', DetailType: detailType = '', Detail: detail = '' } = entry;
    const event = {
      source,
      detailType,
      detail: JSON.parse(detail) as object,
      traceHeader: call.headers['x-amzn-trace-id'],
    };
    return { EventId: buses.put(accountId, event, busArnOf(entry, accountId, buses)) };
  });
  const failed = results.filter((each) => 'ErrorCode' in each).length;
  return { FailedEntryCount: failed, Entries: results };
}

/**
 * Throws, and so refuses the whole request, if the caller lacks the permission for this entry. Conditions on `events:source` and
 * `events:detail-type` are refused by name: the simulator treats these keys as sets, AWS's examples as one value.
 */
async function authorize(
  entry: Entry,
  call: AwsCall,
  buses: EventBuses,
  access: Access,
): Promise<void> {
  const arn = busArnOf(entry, call.caller.accountId, buses);
  const bus = buses.bus(call.caller.accountId, arn);
  const [, , , , owner = ''] = arn.split(':');
  const policy = bus === undefined ? undefined : policyOf(bus);
  await access.require(call, 'events:PutEvents', arn, owner, policy);
}

function busArnOf(
  { EventBusName: name = 'default' }: Entry,
  accountId: string,
  buses: EventBuses,
): string {
  return buses.arnOf(accountId, name);
}

function entriesOf(input: JsonInput): readonly Entry[] {
  requireKnownMembers('PutEvents', Object.keys(input), ['Entries']);
  const entries = input['Entries'];
  if (entries === undefined || entries === null)
    throw invalid(`Value null at 'entries' failed to satisfy constraint: Member must not be null`);
  if (!Array.isArray(entries)) throw new AwsFault('SerializationException', '');
  const [least, most] = ['greater than or equal to 1', `less than or equal to ${MOST_ENTRIES}`];
  if (entries.length === 0 || entries.length > MOST_ENTRIES)
    throw invalid(
      `Value '[${entries.length} entries]' at 'entries' failed to satisfy constraint: Member must have length ${entries.length === 0 ? least : most}`,
    );
  const all = entries as readonly Entry[];
  for (const [index, entry] of all.entries()) {
    requireKnownMembers('PutEvents', Object.keys(entry), [...REQUIRED, 'EventBusName']);
    const { EventBusName: bus = 'default' } = entry;
    if (!BUS_NAME.test(bus) || bus.length > 1600)
      throw invalid(
        `Value '${bus}' at 'entries.${index + 1}.member.eventBusName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${BUS_NAME.source}`,
      );
  }
  if (all.every((entry) => missingIn(entry) !== undefined))
    throw invalid(`no entry has each of Source, DetailType and Detail`);
  if (all.reduce((sum, entry) => sum + bytesOf(entry), 0) >= MAX_BYTES)
    throw new AwsFault(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    );
  return all;
}

/** Why this entry alone fails; undefined if it does not. */
function faultIn(entry: Entry): { readonly code: string; readonly message: string } | undefined {
  const missing = missingIn(entry);
  const parameter = (name: string, reason: string) => ({
    code: 'InvalidArgument',
    message: `Parameter ${name} is not valid. Reason: ${reason}`,
  });
  if (missing !== undefined) return parameter(missing, `${missing} is a required argument.`);
  if ((entry.DetailType ?? '').length > 128)
    return parameter('DetailType', 'it may have at most 128 characters.');
  if (entry.Source?.startsWith('aws.') === true)
    return {
      code: 'NotAuthorizedForSourceException',
      message: 'Not authorized for the source.',
    };
  if (!isObject(entry.Detail ?? ''))
    return { code: 'MalformedDetail', message: 'Detail is malformed.' };
  return undefined;
}

const REQUIRED = ['Source', 'DetailType', 'Detail'] as const;

function missingIn(entry: Entry): string | undefined {
  return REQUIRED.find((name) => (entry[name] ?? '') === '');
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The entry's size (user guide, "Calculating PutEvents event entry size"). */
function bytesOf(entry: Entry): number {
  return REQUIRED.reduce((sum, name) => sum + Buffer.byteLength(entry[name] ?? ''), 0);
}

function invalid(what: string): AwsFault {
  return new AwsFault('ValidationException', `1 validation error detected: ${what}`);
}
