import type { Advice, ServiceAdvice } from './advice';
import { textOf } from './texts';

const LOGS = 'Its logs are in the dashboard under Edge Functions.';

const ADVICE: readonly Advice[] = [
	{
		code: /^NOT_FOUND$/,
		title: 'There is no edge function {function}',
		mend: 'Check the name, upper and lower case included, and that the function is deployed.',
	},
	{
		code: /^UNAUTHORIZED|^401$/,
		message: /JWT|authorization/i,
		title: 'The edge function {function} wants the token of a user',
		mend: 'Choose User in Run As, or deploy the function with verify_jwt off where it checks its callers itself.',
	},
	{
		code: /^BOOT_ERROR$/,
		title: 'The edge function {function} does not start',
		mend: LOGS,
	},
	{
		code: /^WORKER_(RESOURCE_)?LIMIT$/,
		title: 'The edge function {function} ran out of memory or time',
		mend: `Give it less at once. ${LOGS}`,
	},
	{
		status: /^(?!407|540)[45]\d\d$/,
		message: /^(?!Invalid API key|No API key|.*\bpaused\b)/,
		mend: `What an edge function answers is its own word. ${LOGS}`,
	},
];

/** What an edge function, or what runs it, refuses: its message says more than any title. */
export const FUNCTIONS: ServiceAdvice = {
	advice: ADVICE,
	words: { function: (_, context) => textOf(context, 'function') },
};
