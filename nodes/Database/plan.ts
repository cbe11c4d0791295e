import type { INodeProperties } from 'n8n-workflow';

import type { Explain } from '../../src/api/database/modifiers';
import { InvalidRequestError } from '../../src/api/errors';

/** What a query plan shows; for reading also what is to be done. */
export const planDetails: INodeProperties = {
	displayName: 'Plan Details',
	name: 'planDetails',
	type: 'multiOptions',
	options: [
		{
			name: 'Analyze',
			value: 'analyze',
			description:
				'Run the statement and show actual times. A write is rolled back, which hosted projects do not allow by default.',
		},
		{
			name: 'Analyze and Keep What It Writes',
			value: 'analyzeAndWrite',
			description: 'Run the statement for good and show actual times',
		},
		{ name: 'As JSON', value: 'json' },
		{ name: 'Buffers', value: 'buffers' },
		{ name: 'Settings', value: 'settings', description: 'Settings that are not at their default' },
		{ name: 'Verbose', value: 'verbose' },
		{ name: 'WAL', value: 'wal', description: 'What is written to the log; needs Analyze' },
	],
	default: [],
};

export const planDetailsOfReturn: INodeProperties = {
	...planDetails,
	displayOptions: { show: { return: ['plan'] } },
};

const EXPLAIN_OPTIONS = ['analyze', 'verbose', 'settings', 'buffers', 'wal'] as const;

/** @param details the values of Plan Details that are chosen */
export function explainOf(details: readonly string[]): Explain {
	const chosen = details.includes('analyzeAndWrite') ? [...details, 'analyze'] : details;
	if (chosen.includes('wal') && !chosen.includes('analyze')) {
		throw new InvalidRequestError(
			'WAL needs Analyze',
			'Add Analyze to Plan Details, or remove WAL.',
		);
	}
	return {
		format: chosen.includes('json') ? 'json' : 'text',
		options: EXPLAIN_OPTIONS.filter((option) => chosen.includes(option)),
	};
}

/** Whether what an analyzed statement writes has to be rolled back. */
export function rollsBack(details: readonly string[]): boolean {
	return details.includes('analyze') && !details.includes('analyzeAndWrite');
}
