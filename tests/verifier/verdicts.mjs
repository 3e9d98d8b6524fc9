// What the public page's own verifier says of receipts: cases come on standard input (receipt in base64, key, relying
// party), the names of the checks that refused them go out, null for a good one.
import { readFileSync } from 'node:fs';

const [script] = process.argv.slice(2);
// As data: the file is served as a module, and Node would go by its folder whether it is one.
const { CHECKS, CODE_CHECKS, SERIES_CHECKS, WORD_CHECKS, verify } = await import(`data:text/javascript;base64,${readFileSync(script).toString('base64')}`);
const cases = JSON.parse(readFileSync(0, 'utf8'));
const verdicts = [];
for (const { receipt, key, rp } of cases) {
  const { refused } = await verify(new Uint8Array(Buffer.from(receipt, 'base64')), key, rp);
  verdicts.push(refused ?? null);
}
const lists = { checks: CHECKS, series_checks: SERIES_CHECKS, code_checks: CODE_CHECKS, word_checks: WORD_CHECKS };
process.stdout.write(JSON.stringify({ ...lists, verdicts }));
