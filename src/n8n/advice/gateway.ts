import type { Advice, ServiceAdvice } from './advice';

const CHECK_KEYS =
	'Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.';
const CHECK_URL = 'Check the Project URL in the credential.';
const LATER = 'Try again in a while.';

const ADVICE: readonly Advice[] = [
	{
		status: /^540$/,
		title: 'The project is paused',
		mend: 'Restore it in the dashboard. After some minutes it answers again.',
	},
	{
		status: /^[45]\d\d$/,
		message: /\bpaused\b/i,
		title: 'The project is paused',
		mend: 'Restore it in the dashboard. After some minutes it answers again.',
	},
	{
		status: /^401$/,
		message: /No API key found/,
		title: 'No key reached the project',
		mend: `A proxy or gateway between may have taken the header apikey away. ${CHECK_KEYS}`,
	},
	{
		status: /^401$/,
		message: /Forbidden use of secret API key in browser/,
		title: 'The project takes this request for one of a browser, which may not hold a secret key',
		mend: 'Remove the header User-Agent from Options and credential.',
	},
	{
		status: /^401$/,
		as: /^service_role$/,
		title: 'The secret key was not accepted',
		mend: CHECK_KEYS,
	},
	{
		status: /^401$/,
		as: /^anon$/,
		title: 'The publishable key was not accepted',
		mend: CHECK_KEYS,
	},
	{
		status: /^401$/,
		as: /^authenticated$/,
		title: 'The access token, or the publishable key beside it, was not accepted',
		mend: `Sign in again, or refresh the session, and use the new access token. ${CHECK_KEYS}`,
	},
	{ status: /^401$/, title: 'The key or token was not accepted', mend: CHECK_KEYS },
	{ status: /^403$/, title: 'The key or token has no right to this', mend: CHECK_KEYS },
	{ status: /^404$/, title: 'Nothing is at that address', mend: CHECK_URL },
	{ status: /^405$/, title: 'What is at that address does not take this', mend: CHECK_URL },
	{
		status: /^407$/,
		title: 'The proxy between n8n and the project asks for a name and a password',
		mend: 'Put them into HTTPS_PROXY where n8n runs: http://name:password@host:port.',
	},
	{
		status: /^413$/,
		title: 'The request is too large',
		mend: 'Send less at once (Rows per Request in Options).',
	},
	{
		status: /^414$|^431$/,
		title: 'The address of the request is too long',
		mend: 'Use fewer or shorter values in filters and lists.',
	},
	{
		status: /^429$/,
		title: 'The project turns requests away: there are too many',
		mend: 'Wait a while, or send fewer at once.',
	},
	{
		status: /^500$/,
		title: 'The service failed',
		mend: 'The logs in the dashboard tell more.',
	},
	{
		status: /^(502|503|52[0-3]|530)$/,
		title: 'The project does not answer its gateway',
		mend: `Is it paused, starting or restarting? The dashboard tells. ${LATER}`,
	},
	{
		status: /^(504|524|544)$/,
		title: 'The project did not answer its gateway in time',
		mend: 'Ask for less at once. The logs in the dashboard tell what took so long.',
	},
	{
		status: /^400$/,
		message: /^Bad Request$/,
		title: 'The request was not understood',
		mend: 'Its address may be too long for a server between: use fewer or shorter values in filters and lists.',
	},
	{ status: /./, hint: /^$/, mend: 'The logs in the dashboard may tell more.' },
];

/** What the gateway before the services refuses, and any server between. */
export const GATEWAY: ServiceAdvice = { advice: ADVICE };
