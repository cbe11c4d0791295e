import { literal } from '../../sql';
import { checkNewQueueName } from '../names';
import { checkPlan, type DurablePlan } from '../plan';
import { closeSql, DURABLE_VERSION, guardSql, schemaSql } from './base';
import { captureSql } from './capture';
import { doctorSql } from './doctor';
import { installSql } from './install';
import { grantsSql, wrappersSql } from './wrappers';

export { DURABLE_VERSION } from './base';
export { uninstallSql } from './uninstall';

/** What of a user is sent: no password hash and no token, now or in a later version of Auth. */
const USER = [
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
];

const FILE = [
	'id',
	'bucket_id',
	'name',
	'owner_id',
	'version',
	'metadata',
	'user_metadata',
	'created_at',
	'updated_at',
];

const ALL = ['insert', 'update', 'delete'];

/**
 * SQL that makes the queue and the captures of a plan. It may be run again, also with another plan, and over an
 * older version; it takes away captures of this queue that the plan has no more.
 *
 * @throws InvalidRequestError for a plan that names no queue, or captures nothing
 */
export function durableSql(plan: DurablePlan): string {
	checkNewQueueName(plan.queue);
	checkPlan(plan);
	return (
		[
			`-- Durable delivery, version ${DURABLE_VERSION}: changes go to the queue ${plan.queue} in the transaction that makes them.`,
			'-- It may be run again: nothing is lost meanwhile.',
			guardSql,
			schemaSql,
			captureSql,
			installSql,
			wrappersSql,
			doctorSql,
			grantsSql,
			closeSql,
			`select n8n_durable.install(${literal(JSON.stringify(wanted(plan), null, 2))});`,
		].join('\n\n') + '\n'
	);
}

function wanted({ queue, tables, users, files }: DurablePlan) {
	return {
		queue,
		tables: [
			...tables.map(({ schema, name, events, omit = [], bulk }) => ({
				schema,
				name,
				events,
				...(omit.length > 0 && { omit }),
				...(bulk && { bulk }),
			})),
			...(users
				? [
						{
							schema: 'auth',
							name: 'users',
							events: ALL,
							keep: USER,
							quiet: ['updated_at', 'last_sign_in_at'],
						},
					]
				: []),
			...(files
				? [
						{
							schema: 'storage',
							name: 'objects',
							events: ALL,
							keep: FILE,
							quiet: ['updated_at'],
							...(files.buckets && { buckets: files.buckets }),
						},
					]
				: []),
		],
	};
}
