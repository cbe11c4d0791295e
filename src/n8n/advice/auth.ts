import type { Advice, ServiceAdvice } from './advice';
import { AUTH_ADMIN } from './authAdmin';
import { AUTH_INPUT } from './authInput';
import { AUTH_MFA } from './authMfa';
import { AUTH_SIGN_IN } from './authSignIn';
import { textOf } from './texts';

const WAIT = 'Wait, or send fewer at once (Items at Once in Options).';
const LOGS = 'The logs of Auth in the dashboard tell more.';

/** Too many at once, too slow, too large. */
const LIMITS: readonly Advice[] = [
	{
		code: /^over_(email|sms)_send_rate_limit$/,
		message: /after (?<seconds>\d+) second/,
		title: 'This user was sent a message a moment ago',
		mend: 'Auth sends the next one after {seconds} seconds.',
	},
	{
		code: /^over_email_send_rate_limit$/,
		title: 'The project has sent as many mails as it may for now',
		mend: 'The limit is for an hour, and small with the built-in mail server: set up an SMTP server of your own, or raise the limit in the dashboard under Authentication, Rate Limits. Generate Link sends nothing and has no such limit.',
	},
	{
		code: /^over_sms_send_rate_limit$/,
		title: 'The project has sent as many text messages as it may for now',
		mend: 'Wait up to an hour, or raise the limit in the dashboard under Authentication, Rate Limits.',
	},
	{
		code: /^over_request_rate_limit$/,
		title: 'Auth turns requests away: too many came from one address',
		mend: `${WAIT} The limits are in the dashboard under Authentication, Rate Limits.`,
	},
	{
		code: /^request_timeout$/,
		title: 'Auth took too long, and gave up',
		mend: 'Try again in a while. If it sends mails or asks a hook, those may be slow.',
	},
	{
		code: /^request_entity_too_large$/,
		title: 'The request is larger than the megabyte that Auth takes',
		mend: 'Put less into the metadata.',
	},
];

/** Programs of the project that Auth asks. */
const HOOKS: readonly Advice[] = [
	{
		code: /^unknown$/,
		message: /^(?<said>[^]+)/,
		title: 'A hook of the project refused this: {said}',
		mend: 'The words are its own. Hooks are in the dashboard under Authentication, Auth Hooks.',
	},
	{
		code: /^hook_timeout(_after_retry)?$/,
		title: 'A hook of the project did not answer in time',
		mend: 'It has five seconds. Hooks are in the dashboard under Authentication, Auth Hooks.',
	},
	{
		code: /^(hook_payload_\w+)$/,
		title: 'A hook of the project answered what Auth does not take',
		mend: `Hooks are in the dashboard under Authentication, Auth Hooks. ${LOGS}`,
	},
	{
		code: /^unexpected_failure$/,
		message: /\bhook\b/i,
		title: 'A hook of the project failed',
		mend: `Hooks are in the dashboard under Authentication, Auth Hooks. ${LOGS}`,
	},
];

/** What Auth itself did not bring about. */
const FAILURES: readonly Advice[] = [
	{
		code: /^sms_send_failed$/,
		title: 'The provider of text messages did not take the message',
		mend: 'Check the number with its country code, and the provider in the dashboard under Authentication, Sign In / Providers, Phone.',
	},
	{
		code: /^unexpected_failure$/,
		message: /SMS provider|sending message/i,
		title: 'The project cannot send text messages',
		mend: 'Set a provider up in the dashboard under Authentication, Sign In / Providers, Phone. If there is one, it refused the number.',
	},
	{
		code: /^unexpected_failure$/,
		message: /sending .*(email|mail)/i,
		title: 'The project could not send the mail',
		mend: 'Check the SMTP server in the dashboard under Authentication, Emails. The built-in one sends to members of the organisation alone.',
	},
	{
		code: /^23505$/,
		details: /\((?<column>\w+)\)=/,
		title: 'Another user has this {column} already',
		mend: 'Choose another one, or find that user and update them.',
	},
	{
		code: /^unexpected_failure$|^[0-9A-Z]{5}$/,
		title: 'Auth failed at this, and says no more',
		mend: `Triggers on auth.users, foreign keys to it and hooks can be why. ${LOGS}`,
	},
	{
		code: /^feature_disabled$/,
		message: /^(?<feature>.+?) (is|are) disabled/,
		title: '{feature}: switched off in this project',
		mend: 'Switch it on in the dashboard under Authentication.',
	},
	{
		status: /^404$/,
		message: /404 page not found/,
		title: 'This version of Supabase Auth does not know the request',
		mend: 'Update the project, or check the Project URL and the Auth Address in the credential.',
	},
];

/** What Supabase Auth refuses. */
export const AUTH: ServiceAdvice = {
	advice: [
		...AUTH_SIGN_IN,
		...AUTH_MFA,
		...AUTH_ADMIN,
		...LIMITS,
		...HOOKS,
		...AUTH_INPUT,
		...FAILURES,
	],
	words: {
		email: (_, context) => textOf(context, 'email'),
		user: (_, context) => textOf(context, 'user'),
	},
};
