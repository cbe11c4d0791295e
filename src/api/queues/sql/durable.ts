import { checkNewQueueName } from '../names';
import { checkPlan, type DurablePlan } from '../plan';
import { closeSql, DURABLE_VERSION, guardSql, schemaSql } from './base';
import { captureSql } from './capture';
import { capturesSql } from './captures';
import { doctorSql } from './doctor';
import { installSql } from './install';
import { grantsSql, wrappersSql } from './wrappers';

export { DURABLE_VERSION } from './base';
export { uninstallSql } from './uninstall';

/**
 * SQL that makes the queue and the captures of a plan, to be run by the owner of the project in one go. It may be
 * run again, also with another plan and over an older version.
 *
 * @throws InvalidRequestError for a plan that names no queue, or captures nothing
 */
export function durableSql(plan: DurablePlan): string {
	const queue = checkNewQueueName(plan.queue);
	checkPlan(plan);
	return `${[heading(queue), FUNCTIONS, capturesSql(plan)].join('\n\n')}\n`;
}

/**
 * SQL that makes the functions alone, by which queues are used without anything being captured. What is captured
 * already stays so. It may be run again, also over an older version.
 */
export function functionsSql(): string {
	return `-- Functions for queues, version ${DURABLE_VERSION}. Nothing is captured by them. It may be run again.\n\n${FUNCTIONS}\n`;
}

const FUNCTIONS = [
	guardSql,
	schemaSql,
	captureSql,
	installSql,
	wrappersSql,
	doctorSql,
	grantsSql,
	closeSql,
].join('\n\n');

const heading = (queue: string) =>
	`
-- Durable delivery, version ${DURABLE_VERSION}: changes go to the queue ${queue} in the transaction that makes them.
-- Run it in one go, as the SQL editor does (psql: --single-transaction). It may be run again, and changed.
--
-- A change that cannot be sent is not made, so that none is lost: where the queue is dropped, writes to what is
-- captured fail, sign-ups and uploads too, until this is run again or the captures are uninstalled.
-- Each row that is written takes about 0.1 ms longer; a table that changes by thousands of rows is better
-- captured in bulk.
`.trim();
