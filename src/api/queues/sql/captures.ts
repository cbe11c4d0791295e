import { literal } from '../../sql';
import type { DurablePlan } from '../plan';

const ALL = ['insert', 'update', 'delete'];

/** Of users, no password hash and no token leaves the database, and a sign-in alone is no change. */
const USERS = {
	schema: 'auth',
	name: 'users',
	events: ALL,
	keep: [
		'id',
		'aud',
		'role',
		'email',
		'phone',
		'email_confirmed_at',
		'phone_confirmed_at',
		'confirmed_at',
		'invited_at',
		'last_sign_in_at',
		'raw_app_meta_data',
		'raw_user_meta_data',
		'created_at',
		'updated_at',
		'banned_until',
		'deleted_at',
		'is_sso_user',
		'is_anonymous',
	],
	quiet: ['updated_at', 'last_sign_in_at'],
};

/** Of files, that one was read is no change. */
const FILES = {
	schema: 'storage',
	name: 'objects',
	events: ALL,
	keep: [
		'id',
		'bucket_id',
		'name',
		'owner_id',
		'version',
		'metadata',
		'user_metadata',
		'created_at',
		'updated_at',
	],
	quiet: ['updated_at'],
};

/** The statement that makes the captures of a plan, and takes away those that it has no more. */
export function capturesSql({ queue, tables, users, files }: DurablePlan): string {
	const captures = [
		...tables.map(({ schema, name, events, omit = [], bulk }) => ({
			schema,
			name,
			events,
			...(omit.length > 0 && { omit }),
			...(bulk && { bulk }),
		})),
		...(users ? [USERS] : []),
		...(files ? [{ ...FILES, ...(files.buckets && { buckets: files.buckets }) }] : []),
	];
	const lines = captures.map((capture) => `    ${JSON.stringify(capture)}`).join(',\n');
	const plan = `{\n  "queue": ${JSON.stringify(queue)},\n  "tables": [\n${lines}\n  ]\n}`;
	return `select n8n_durable.install(${literal(plan)});`;
}
