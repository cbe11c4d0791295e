import type { ContractCase } from '../case';
import { jwt } from '../keys';
import { selecting } from './parameters';

const accessToken = jwt({ role: 'authenticated', sub: '6f1b0c0e-0000-4000-8000-000000000001' });

/** Which key goes where: one case for each kind of keys and each caller. */
export const keyCases: ContractCase[] = (['legacy', 'new'] as const).flatMap((keys) =>
	(
		[
			['serviceRole', { runAs: 'serviceRole' }, 'serviceRole'],
			['anonymous', { runAs: 'anonymous' }, 'anonymous'],
			['user', { runAs: 'user', accessToken }, { accessToken }],
		] as const
	).map(([name, parameters, runAs]) => ({
		name: `keys.${keys}.${name}`,
		keys,
		runAs,
		official: (client) => client.from('planets').select().limit(50),
		ours: { parameters: selecting('planets', parameters) },
	})),
);
