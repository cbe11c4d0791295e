import { runChaos } from '../../chaos/run';

const stack = {
	url: process.env.SUPABASE_URL ?? '',
	databaseUrl: process.env.STACK_DATABASE_URL ?? '',
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
};

/** Those that are over soon; `npm run chaos` draws from all. */
const QUICK = [
	'killed (1006)',
	'restarted (1012)',
	'channel crashed',
	'changes lost',
	'readings lost',
	'above the rate limit',
	'a policy that raises',
	'columns left out',
	'REST resets',
	'the process dies',
];

it('hands out the latest version of every row, and none twice, whatever fails', async () => {
	const { faults, lost, twice } = await runChaos(stack, { seed: 11, faults: 10, names: QUICK });
	expect({ lost, twice }).toEqual({ lost: [], twice: [] });
	// On a busy machine a fault may come when nothing is under way that it could hit: not most of them.
	const kinds = Object.values(faults);
	const hits = kinds.filter(({ bitten }) => bitten > 0);
	expect(hits.length).toBeGreaterThan(kinds.length / 2);
});

it('loses rows without sweeps', async () => {
	const names = ['changes lost', 'readings lost'];
	const { lost } = await runChaos(stack, { seed: 11, faults: 2, names, isSwept: false });
	expect(lost.length).toBeGreaterThan(0);
});
