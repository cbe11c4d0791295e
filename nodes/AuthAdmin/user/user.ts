import type { INodeProperties } from 'n8n-workflow';

import { findUserByEmail } from '../../../src/api/auth/admin/findUser';
import { emailAddress } from '../../../src/api/auth/contact';
import { uuid } from '../../../src/api/auth/ids';
import { SupabaseApiError } from '../../../src/api/errors';
import { sideBySide } from '../../../src/api/sideBySide';
import type { Send } from '../../../src/api/transport';
import { eachItem } from '../../../src/n8n/each';
import type { Job, Operation, Output, Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';

/** The user that an operation is about. */
export const user: INodeProperties = {
	displayName: 'User',
	name: 'user',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The user it is about',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchUsers', searchable: true },
		},
		{
			displayName: 'By E-Mail',
			name: 'email',
			type: 'string',
			placeholder: 'name@example.com',
			hint: 'The whole address, in upper or lower case',
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 8f14e45f-ceea-467f-a9b1-0c2f5d1f7a11',
		},
	],
};

/** How an item names a user. */
export type UserReference = { readonly id: string } | { readonly email: string };

/**
 * The user that an item names. What is not told to be one or the other is an address if it has an @.
 *
 * @throws InvalidRequestError where it is empty, no UUID, or no address
 */
export function userOf(get: ItemParameters): UserReference {
	const { mode } = Object(get.value('user')) as { mode?: unknown };
	const text = get.required('user');
	return mode === 'email' || (mode !== 'id' && mode !== 'list' && text.includes('@'))
		? { email: emailAddress(text, 'User') }
		: { id: uuid(text, 'User', 'To name the user by e-mail address, choose By E-Mail.') };
}

/** As the person wrote it. */
export function nameOf(reference: UserReference): string {
	return 'id' in reference ? reference.id : reference.email;
}

/**
 * The ID of a user.
 *
 * @throws SupabaseApiError where no user, or more than one, has the address
 */
export async function idOf(send: Send, reference: UserReference): Promise<string> {
	if ('id' in reference) return reference.id.toLowerCase();
	return String((await findUserByEmail(send, reference.email)).id);
}

/** What an operation on users says beside its work. */
interface OnUsers<Plan> {
	/** What else a plan may make an address of. */
	readonly addresses?: (plan: Plan) => ReadonlyArray<string | undefined>;
	/** The output for a user who is not there; an error where there is none. */
	readonly missing?: (plan: Plan) => Output | undefined;
}

/**
 * Carries items out side by side; those about one user one after the other, in their order, however
 * each names the user.
 *
 * @param work one item, with the ID of its user
 */
export function eachUser<Plan extends { readonly user: UserReference }>(
	work: (id: string, job: Job<Plan>, run: Run) => Promise<Output | readonly Output[]>,
	{ addresses = () => [], missing = () => undefined }: OnUsers<Plan> = {},
): Operation<Plan>['execute'] {
	return async (jobs, run) => {
		const ids = await idsBeforehand(jobs);
		const carry = eachItem<Plan>(
			async (job) => {
				const found = async () => await work(await idOf(job.send, job.plan.user), job, run);
				return await found().catch((error: unknown) => {
					const output = isMissing(error) ? missing(job.plan) : undefined;
					if (output) return output;
					throw error;
				});
			},
			{
				targetsOf: ({ plan }) => {
					const name = nameOf(plan.user).toLowerCase();
					const found = ids.get(name);
					const more = addresses(plan).flatMap((each) => each?.toLowerCase() ?? []);
					return [name, ...(found ? [found] : []), ...more];
				},
			},
		);
		return await carry(jobs, run);
	};
}

/** Whether it was refused since there is no such user. */
export function isMissing(error: unknown): boolean {
	return (
		error instanceof SupabaseApiError && error.status === 404 && error.code === 'user_not_found'
	);
}

/**
 * The IDs of users that are named by address, where others are named by ID: both may mean the same.
 * Whoever is not found, is found missing when it is their turn.
 */
async function idsBeforehand<Plan extends { readonly user: UserReference }>(
	jobs: ReadonlyArray<Job<Plan>>,
): Promise<Map<string, string>> {
	const senders = new Map<string, Send>();
	for (const { plan, send } of jobs) {
		if ('email' in plan.user) senders.set(plan.user.email.toLowerCase(), send);
	}
	const ids = new Map<string, string>();
	if (senders.size === 0 || jobs.every(({ plan }) => 'email' in plan.user)) return ids;
	await sideBySide([...senders], async ([email, send]) => {
		const id = await idOf(send, { email }).catch(() => undefined);
		if (id) ids.set(email, id);
	});
	return ids;
}
