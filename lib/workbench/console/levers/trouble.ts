import type { AwsCall } from '../../cloud/call.ts';
import { AwsFault } from '../../cloud/fault.ts';
import { internalFailure, throttled, type Fault, type Faults } from '../../cloud/faults.ts';
import type { TroubleMode } from './trouble-words.ts';

const ANSWERS: Readonly<Record<Exclude<TroubleMode, 'none'>, Fault['answer']>> = {
  throttled: throttled('license-manager'),
  failing: internalFailure('license-manager'),
  denied: new AwsFault(
    'AccessDeniedException',
    'User is not authorized to perform this operation',
    403,
  ),
  silent: 'silent',
};

/** Makes License Manager fail for the watcher in every buyer's account. The calls of seller and buyers themselves still work. */
export class Trouble {
  readonly #faults: Faults;
  #end: (() => void) | undefined;
  mode: TroubleMode = 'none';

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  set(mode: TroubleMode): void {
    this.#end?.();
    this.#end = undefined;
    this.mode = mode;
    if (mode === 'none') return;
    const when = ({ caller }: AwsCall): boolean => caller.kind === 'role';
    this.#end = this.#faults.inject({ service: 'license-manager', when, answer: ANSWERS[mode] });
  }
}
