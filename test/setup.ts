import * as fc from 'fast-check';

// the same examples in every run, so that the gate does not depend on luck; FC_SEED=$RANDOM looks for new ones
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261121) });
