export const TROUBLE_MODES = ['none', 'throttled', 'failing', 'denied', 'silent'] as const;
export type TroubleMode = (typeof TROUBLE_MODES)[number];

export const TROUBLE_WORDS: Readonly<Record<TroubleMode, string>> = {
  none: 'works',
  throttled: 'throttles every call',
  failing: 'fails with an internal error',
  denied: 'denies access',
  silent: 'does not answer (a sweep then takes long)',
};
