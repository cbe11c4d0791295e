import type { INodeProperties } from 'n8n-workflow';

/** The trigger has no items, so a user is one whom a credential signs in. */
export const runAs: INodeProperties = {
	displayName: 'Run As',
	name: 'runAs',
	type: 'options',
	options: [
		{
			name: 'Service Role',
			value: 'serviceRole',
			description: 'With the secret key. Bypasses row level security: every change is seen.',
		},
		{
			name: 'Anonymous',
			value: 'anonymous',
			description:
				'With the publishable key. Only rows that policies let the role anon select; without a policy nothing comes.',
		},
		{
			name: 'User',
			value: 'user',
			description:
				'As the user of a Supabase User Session credential. Only rows that policies let that user select.',
		},
	],
	default: 'serviceRole',
	description: 'Whose rights the trigger has. Deletes are told to everybody.',
};
