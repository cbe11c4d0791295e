import type { Advice, ServiceAdvice } from './advice';
import { textOf } from './texts';

const LOGS = 'Its logs are in the dashboard under Edge Functions.';
const NAME =
	'Check its name, as in the dashboard under Edge Functions, upper and lower case included, and that it is deployed.';
const VERIFY =
	'Its setting Verify JWT asks for a token. Choose User in Run As, or a legacy key in the credential, or switch Verify JWT off and let the function itself check the key.';
const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const LESS = 'Send less at once, or let the function do its work in smaller parts.';

/** What the platform says in `sb-error-code`. */
const PLATFORM: readonly Advice[] = [
	{
		code: /^RELAY_ERROR$/,
		title: 'The project did not get through to the function {function}',
		mend: `Try again in a while, or choose another Region in Options. ${LOGS}`,
	},
	{
		code: /^(NOT_FOUND|NOT_FOUND_FUNCTION_BLOB)$/,
		title: 'There is no function {function}',
		mend: NAME,
	},
	{
		code: /^LOAD_FUNCTION_/,
		title: 'The function {function} could not be loaded',
		mend: `Deploy it again. ${LOGS}`,
	},
	{
		code: /^BOOT_ERROR$/,
		title: 'The function {function} did not start',
		mend: `Look for a mistake in its code, or for an import that is not there. ${LOGS}`,
	},
	{
		code: /^IDLE_TIMEOUT$/,
		title: 'The function {function} took too long to answer',
		mend: 'It has 150 seconds. Let it answer at once and go on in the background, or do less in one call.',
	},
	{
		code: /^(WORKER_LIMIT|WORKER_RESOURCE_LIMIT)$/,
		title: 'The function {function} used up its time or its memory',
		mend: `${LESS} ${LOGS}`,
	},
	{
		code: /^WORKER_ERROR$/,
		title: 'The function {function} failed',
		mend: `An error in it was not caught. ${LOGS}`,
	},
	{
		code: /^EDGE_FUNCTION_ERROR$/,
		message: /^(?!Internal Server Error|HTTP status)(?<said>[^]+)/,
		title: 'The function {function} failed: {said}',
		mend: `What it answered is its own. ${LOGS}`,
	},
	{
		code: /^EDGE_FUNCTION_ERROR$/,
		title: 'The function {function} failed',
		mend: `It answered nothing of its own, so an error in it was perhaps not caught. ${LOGS}`,
	},
	{
		code: /^INVALID_RESPONSE_STATUS_CODE$/,
		title: 'The function {function} answered with a status that HTTP does not have',
		mend: 'Let it answer with a status from 200 to 599.',
	},
	{
		code: /^RATE_LIMIT_EXCEEDED$/,
		title: 'The function {function} is called too often',
		mend: 'Wait a while, or make fewer calls at once. Functions that call one another count, too.',
	},
	{
		code: /^UNAUTHORIZED_NO_AUTH_HEADER$/,
		title: 'The function {function} is not for callers without a token',
		mend: VERIFY,
	},
	{
		code: /^UNAUTHORIZED_/,
		as: /^authenticated$/,
		title: 'The function {function} did not accept the access token',
		mend: `${FRESH_TOKEN} If the project signs its tokens with new keys, switch Verify JWT of the function off and let it check the token itself.`,
	},
	{
		code: /^UNAUTHORIZED_/,
		title: 'The function {function} did not accept the key',
		mend: VERIFY,
	},
	{
		code: /^INVALID_URL$/,
		title: 'The address of the function {function} is not one',
		mend: 'Check Function and Path.',
	},
	{
		code: /^REDIRECT$/,
		title: 'The function {function} answers with a redirect',
		mend: 'Redirects are not followed, since they would carry the key along. Never Error in Options gives headers.location.',
	},
];

/** What the servers of self-hosted projects and of the CLI say, without a code. */
const SELF_HOSTED: readonly Advice[] = [
	{
		message: /InvalidWorkerCreation|^Function not found|appropriate entrypoint/,
		title: 'There is no function {function}',
		mend: 'Check its name, and that it lies in a folder of that name where the functions are.',
	},
	{
		status: /^401$/,
		message: /Missing authorization header/i,
		title: 'The function {function} is not for callers without a token',
		mend: VERIFY,
	},
	{
		status: /^401$/,
		message: /Invalid JWT|Invalid Token or Protected Header/i,
		title: 'The function {function} did not accept the key or token',
		mend: `${VERIFY} ${FRESH_TOKEN}`,
	},
];

/** Said by the gateway, and not by the function behind it. */
const NOT_THE_GATEWAY =
	/^(?!No API key found|Invalid API key|Forbidden use of secret|no Route matched|.*\bpaused\b)(?<said>[^]+)/;

/** What a function itself answers: anything but what only a gateway does. */
const OWN_STATUS = /^(3\d\d|4(?!07)\d\d|50(?![234])\d|51\d)$/;

const OWN: readonly Advice[] = [
	{
		status: OWN_STATUS,
		message: /^HTTP status (?<status>\d+)$/,
		title: 'The function {function} answered with status {status}',
		mend: 'Why, it did not say. Never Error in Options gives its answer as an item.',
	},
	{
		status: OWN_STATUS,
		message: NOT_THE_GATEWAY,
		title: 'The function {function} answered with an error: {said}',
		mend: 'The answer is its own. Never Error in Options gives all of it as an item.',
	},
];

/** What edge functions, and the platform that runs them, answer. */
export const FUNCTIONS: ServiceAdvice = {
	advice: [...PLATFORM, ...SELF_HOSTED, ...OWN],
	words: { function: (_, context) => textOf(context, 'function') },
};
