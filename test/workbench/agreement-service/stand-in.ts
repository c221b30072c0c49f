import {
  createAgreementService,
  type AgreementService,
} from '../../../lib/workbench/agreement-service/agreement-service.ts';
import { DAY, type Agreement } from '../../../lib/workbench/agreement-service/agreement.ts';
import type { AgreementEvent } from '../../../lib/workbench/agreement-service/events.ts';
import type { Purchase } from '../../../lib/workbench/agreement-service/marketplace.ts';
import { CloudClock } from '../../../lib/workbench/cloud/clock.ts';

export const SELLER = '111111111111';
export const BUYER = '222222222222';
export const START = Date.parse('2027-01-01T00:00:00Z');
export const YEAR = 365 * DAY;
export const ARN =
  'arn:aws:license-manager::294406891311:license:l-9d01d15f86334a8894365cd7350556ff';

export interface SentEvent {
  readonly accountId: string;
  readonly at: number;
  readonly event: AgreementEvent;
}

/** The stand-in alone, with a clock of its own and every event that it sent. */
export interface StandIn {
  readonly service: AgreementService;
  readonly clock: CloudClock;
  readonly sent: SentEvent[];
  readonly buy: (purchase?: Partial<Purchase>) => Agreement;
  /** What was sent since the last time one looked: account and detail type. */
  readonly types: () => string[];
  readonly get: (id: string) => Agreement;
}

export function standIn(): StandIn {
  const clock = new CloudClock(START);
  const sent: SentEvent[] = [];
  let seen = 0;
  const service = createAgreementService({
    now: () => clock.now(),
    schedule: (at, work) => clock.schedule(at, work),
    emit: (accountId, event) => sent.push({ accountId, at: clock.now(), event }),
  });
  return {
    service,
    clock,
    sent,
    buy: (purchase = {}) =>
      service.marketplace.buy({
        proposerAccountId: SELLER,
        acceptorAccountId: BUYER,
        product: { id: 'prod-viewer', type: 'AmiProduct', code: 'viewercode', title: 'Viewer' },
        endTime: START + YEAR,
        dimensions: { ReadOnly: 5 },
        licenseArn: ARN,
        ...purchase,
      }),
    types: () => {
      const types = sent.slice(seen).map(({ event }) => event.detailType);
      seen = sent.length;
      return types;
    },
    get: (id) => {
      const found = service.agreements().find((each) => each.id === id);
      if (found === undefined) throw new Error(`no agreement ${id}`);
      return found;
    },
  };
}
