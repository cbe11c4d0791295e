import { randomUUID } from 'node:crypto';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Mail } from '../stack/auth/inbox';
import type { AuthSettings } from '../stack/auth/settings';
import type { StackControl } from '../stack/control';
import type { Bench, NodeOutcome, RunOptions } from './database-helpers';
import type { DrawnNode } from './engine';

export type AuthResource = 'account' | 'session' | 'user' | 'identity' | 'mfa';

/** An Auth node. */
export function auth(
	resource: AuthResource,
	operation: string,
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	return {
		name: 'Auth',
		type: 'n8n-nodes-supabase-suite.supabaseAuth',
		parameters: { resource, operation, ...parameters },
		...rest,
	};
}

/** The tokens of a session in a node's output. */
export interface Tokens extends IDataObject {
	access_token: string;
	refresh_token: string;
	expires_at: number;
}

/** What the node puts out about accounts. */
export interface Answered extends IDataObject {
	user: IDataObject & { id: string; email: string };
	session: Tokens;
}

/** Carries an operation out for one item, and gives what came of it. */
export async function done<Json = Answered>(
	bench: Bench,
	resource: AuthResource,
	operation: string,
	parameters: INodeParameters = {},
	options: RunOptions = {},
): Promise<Json> {
	const { json } = await bench.succeed(auth(resource, operation, parameters), options);
	return json[0] as Json;
}

/** The same where it is to fail: what n8n shows, and the code. */
export async function refused(
	bench: Bench,
	node: DrawnNode,
	options: RunOptions = {},
): Promise<{ message: string; description: string; code?: string; outcome: NodeOutcome }> {
	const outcome = await bench.run(node, options);
	const { message = '', description = '' } = outcome.said;
	const { code } = ((outcome.error as { context?: { data?: IDataObject } } | undefined)?.context
		?.data ?? {}) as { code?: string };
	return { message, description: description ?? '', ...(code && { code }), outcome };
}

export function newAddress(name = 'user'): string {
	return `${name}-${randomUUID()}@example.com`;
}

/** A number that nobody else has. */
export function newNumber(): string {
	return `+49170${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
}

/** The last mail to an address. */
export async function mailTo(control: StackControl, address: string): Promise<Mail> {
	const mail = (await control.mails()).filter(({ to }) => to === address.toLowerCase()).at(-1);
	if (!mail) throw new Error(`There is no mail to ${address}`);
	return mail;
}

/** The code of the last text message to a number. */
export async function codeTo(control: StackControl, number: string): Promise<string> {
	const text = (await control.texts()).filter(({ to }) => to === number.replace(/^\+/, '')).at(-1);
	if (!text) throw new Error(`There is no message to ${number}`);
	return text.code;
}

/** Where a link leads that is not followed. */
export async function landing(link: string): Promise<URL> {
	const answer = await fetch(link, { redirect: 'manual' });
	return new URL(answer.headers.get('location') ?? '');
}

/** Where a browser comes to, once it has left this machine's services. */
export async function landedAt(address: string, home: string): Promise<URL> {
	let next = address;
	for (let hop = 0; hop < 5 && !next.startsWith(home); hop++) next = (await landing(next)).href;
	return new URL(next);
}

/** Does something while auth is set otherwise. */
export async function withAuth<T>(
	control: StackControl,
	changed: Partial<AuthSettings>,
	act: () => Promise<T>,
): Promise<T> {
	const before = await control.getAuth();
	await control.setAuth(changed);
	try {
		return await act();
	} finally {
		await control.setAuth({ captchaToken: '', ...before });
	}
}
