import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Dependencies } from './dependencies.ts';
import { tellBuyer } from './tell-buyer.ts';
import { tellOperations } from './tell-operations.ts';
import { tellSeller } from './tell-seller.ts';

/**
 * Works one message off. The mark is read before anything is published and written after: a message that comes twice tells
 * nothing twice, and a process that dies between the two leaves a notice that is told again, never one that is lost.
 */
export async function sendNotices(message: SendNotices, dependencies: Dependencies): Promise<void> {
  if (message.kind === 'digest') return tellSeller(message.tick, dependencies);
  switch (message.audience) {
    case 'buyer':
      return tellBuyer(message.contract, dependencies);
    case 'operations':
      return tellOperations(message, dependencies);
  }
}
