import type { INodeProperties } from 'n8n-workflow';

import { deleteUser as builder, getUser } from '../../../src/api/auth/admin/users';
import { refusal, SupabaseApiError } from '../../../src/api/errors';
import type { Send } from '../../../src/api/transport';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { adminOperation } from '../admin';
import { eachUser, isMissing, user, userOf, type UserReference } from './user';

const softDelete: INodeProperties = {
	displayName: 'Soft Delete',
	name: 'softDelete',
	type: 'boolean',
	default: false,
	hint: 'Off: the user is deleted for good, with all that refers to them by a cascade',
	description:
		"Whether to keep a tombstone with the user's ID and a hash of the address, so that rows which refer to the user stay valid. The user cannot be brought back either way.",
};

const ignoreMissing: INodeProperties = {
	displayName: 'Ignore Missing',
	name: 'ignoreMissing',
	type: 'boolean',
	default: false,
	description:
		'Whether a user who is not there is no error: the item says deleted: false. Good for running a workflow again.',
};

const options = optionsOf([ignoreMissing, itemsAtOnce, ...requestOptions]);

interface Plan {
	readonly user: UserReference;
	readonly soft: boolean;
	readonly ignoreMissing: boolean;
}

export const deleteUser = adminOperation<Plan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete a user',
	description: 'Delete a user for good, or leave a tombstone',
	writes: ['user', 'deleted'],
	repeatable: true,
	parameters: [user, softDelete, options],
	compile: (get) => ({
		user: userOf(get),
		soft: get.boolean('softDelete'),
		ignoreMissing: get.option('ignoreMissing').boolean(),
	}),
	execute: eachUser<Plan>(
		async (id, { plan: { soft }, send }) => {
			await remove(send, id, soft);
			return { json: { id, deleted: true, soft } };
		},
		{
			missing: ({ user: reference, ignoreMissing: isDone }) =>
				isDone ? { json: { ...reference, deleted: false } } : undefined,
		},
	),
});

/** Deletes; where no answer came, looks whether it was done. */
async function remove(send: Send, id: string, soft: boolean): Promise<void> {
	const answer = await send(builder(id, soft)).catch(refusal);
	if (!(answer instanceof SupabaseApiError)) return;
	if (answer.outcome !== 'unknown') throw answer;
	const found = await send<{ deleted_at?: unknown }>(getUser(id)).catch(refusal);
	const isGone =
		found instanceof SupabaseApiError ? isMissing(found) : soft && found.body?.deleted_at;
	if (!isGone) throw answer;
}
