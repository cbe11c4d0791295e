import { wrongs } from '../chaos/durable/main';
import { runTrial } from '../chaos/durable/run';
import { startStackChild, type StackChild } from '../stack/child';

/** Those that are over soon; `npm run chaos -- durable` makes all, several times. */
const QUICK = [
	'the reader is killed',
	'answers to acknowledgements are lost',
	'deactivated in the middle',
	'the database is stopped at once',
];

/** Its database is stopped, which no other test may see. */
let stack: StackChild;

beforeAll(async () => (stack = await startStackChild()));
afterAll(async () => await stack?.stop());

it('loses nothing with Durable, and repeats only with a higher attempt, whatever fails', async () => {
	const result = await runTrial(stack, {
		seed: 11,
		faults: QUICK,
		pause: 200,
		attempts: 2,
		delivery: 'durable',
	});
	expect(wrongs(result).filter(([, found]) => found.length > 0)).toEqual([]);
	expect(result.changes).toBeGreaterThan(100);
	// On a busy machine a fault may come when nothing is under way that it could hit: not most of them.
	const bitten = Object.values(result.faults).filter((fault) => fault.bitten > 0);
	expect(bitten.length).toBeGreaterThanOrEqual(QUICK.length / 2);
});

it('loses changes with Live, when n8n is killed', async () => {
	const faults = ['the reader is killed'];
	const result = await runTrial(stack, { seed: 11, faults, pause: 200, delivery: 'live' });
	expect(result.deliveries).toBeGreaterThan(0);
	expect(result.lost.length).toBeGreaterThan(0);
});
