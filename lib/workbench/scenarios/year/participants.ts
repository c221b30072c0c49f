import { buyer } from '../participants.ts';

export { AURORA, BOREALIS, CUMULUS } from '../participants.ts';

export const DRIFT = buyer('555555555555', 'Drift Energy', 'platform@drift.example', 'viewer');
export const EMBER = buyer('666666666666', 'Ember Robotics', 'aws@ember.example', 'suite');
export const FJORD = buyer('777777777777', 'Fjord Shipping', 'licenses@fjord.example', 'viewer');
export const GALE = buyer('888888888888', 'Gale Insurance', 'it-ops@gale.example', 'suite');
export const HALO = buyer('101010101010', 'Halo Clinics', 'admin@halo.example', 'viewer');
export const INDIGO = buyer('121212121212', 'Indigo Freight', 'it@indigo.example', 'viewer');
export const JUNIPER = buyer('131313131313', 'Juniper Studios', 'aws@juniper.example', 'suite');
/** Never invited. */
export const KELP = buyer('141414141414', 'Kelp Analytics', 'data@kelp.example', 'viewer');
