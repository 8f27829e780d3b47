import { after, before, test } from 'node:test';
import { type OpenLedger, openLedger } from '../../src/store/ledger.ts';
import { LEDGER_CONTRACT } from './ledger-contract.ts';
import { temporaryDir } from './state-dir.ts';

const state = temporaryDir();
let ledger: OpenLedger;
before(async () => {
  ledger = await openLedger({ stateDir: state.path });
});
after(async () => {
  await ledger.close();
  await state.remove();
});

for (const { title, run } of LEDGER_CONTRACT) test(title, () => run(ledger));
