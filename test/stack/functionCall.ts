import type postgres from 'postgres';

import {
	callStatement,
	functionsNamed,
	rowsStatement,
	taking,
	type CalledFunction,
	type Shape,
} from './functionCallSql';
import { noSuchFunction } from './functionMissing';
import { JSON_TYPE, notOneRow, OBJECT_TYPE, refusal, type RestAnswer } from './restAnswer';
import { actAs, answerAs, Undone, type Claims } from './restTransaction';

/** A call of a function by POST, its arguments in a JSON body. */
export interface FunctionCall extends Shape {
	schema: string;
	name: string;
	/** JSON text of an object, or of an array whose first object counts. */
	body: string;
	/** Preferences by name, as in `Prefer`. */
	prefer: Map<string, string>;
	/** Exactly one row was asked for. */
	single: boolean;
	claims: Claims;
	maxRows: number;
	/** What functions may look at: `request.method`, `request.path` and `request.headers`. */
	path: string;
	headers: Record<string, unknown>;
}

const KNOWN = new Set(['return', 'count', 'tx']);

/**
 * Calls a function as PostgREST does. Arguments go to PostgreSQL as JSON text, which turns them into its
 * types itself.
 *
 * lite is not asked because it makes texts of JSON arguments, and words refusals and values in ways of its
 * own.
 *
 * @returns undefined for what is not of this form, or where more than one function takes these arguments:
 *   that is lite's to answer
 */
export async function callFunction(
	sql: postgres.Sql,
	call: FunctionCall,
): Promise<RestAnswer | undefined> {
	if (![...call.prefer.keys()].every((name) => KNOWN.has(name))) return undefined;
	const given = argumentNames(call.body);
	if (given === undefined) return undefined;
	// JSON.parse takes half a surrogate pair, PostgREST does not.
	if (/\\ud[89a-f]/i.test(call.body) && !isWellFormed(JSON.parse(call.body)))
		return refusal(400, 'PGRST102', 'Empty or invalid json');
	return await answerAs(sql, call.claims, async (tx) => {
		const functions = await functionsNamed(tx, call);
		if (!functions.every(({ isPlain }) => isPlain)) return undefined;
		const [called, another] = taking(functions, given);
		if (another) return undefined;
		if (!called) return await noSuchFunction(tx, call, given);
		if (called.volatility !== 'v') await tx`set transaction read only`;
		await actAs(tx, call.claims);
		await tx`select set_config('request.method', 'POST', true), set_config('request.path', ${call.path}, true),
			set_config('request.headers', ${JSON.stringify(call.headers)}, true)`;
		const answer = await run(tx, call, called, given);
		if (answer.status === 406 || call.prefer.get('tx') === 'rollback') throw new Undone(answer);
		return answer;
	});
}

/** The names of the arguments; undefined for a body that holds none. */
function argumentNames(body: string): string[] | undefined {
	if (body.trim() === '') return [];
	try {
		const value = JSON.parse(body) as unknown;
		const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
		if (typeof first !== 'object' || first === null || Array.isArray(first)) return undefined;
		return Object.keys(first);
	} catch {
		return undefined;
	}
}

function isWellFormed(value: unknown): boolean {
	if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
	if (typeof value !== 'object' || value === null) return true;
	return Object.entries(value).every(([key, entry]) => isWellFormed(key) && isWellFormed(entry));
}

async function run(
	tx: postgres.TransactionSql,
	call: FunctionCall,
	called: CalledFunction,
	given: string[],
): Promise<RestAnswer> {
	const source = callStatement(call, called, given);
	const body = call.body.trim() === '' ? '{}' : call.body;
	const [row] = await tx.unsafe<
		[{ total: number; page: number; body: string | null; status: string; headers: string }]
	>(rowsStatement(source, called, call), [body]);
	if (call.single && called.isSet && row.page !== 1) return notOneRow(row.page);
	const own = {
		status: Number(row.status || 0),
		headers: Object.fromEntries(
			((JSON.parse(row.headers || '[]') as object[]) ?? []).flatMap((each) => Object.entries(each)),
		) as Record<string, string>,
	};
	const applied = ['count', 'tx'].filter((name) => call.prefer.has(name));
	const counted = call.prefer.get('count') === 'exact';
	const offset = called.isSet ? call.offset : 0;
	const range = row.page === 0 ? '*' : `${offset}-${offset + row.page - 1}`;
	const isVoid = called.isVoid;
	return {
		status: own.status || (isVoid ? 204 : counted && row.page < row.total ? 206 : 200),
		headers: {
			...(isVoid ? {} : { 'content-type': call.single ? OBJECT_TYPE : JSON_TYPE }),
			'content-range': `${range}/${counted ? row.total : '*'}`,
			'content-profile': call.schema,
			...(applied.length === 0
				? {}
				: {
						'preference-applied': applied
							.map((name) => `${name}=${call.prefer.get(name)}`)
							.join(', '),
					}),
			...own.headers,
		},
		body: isVoid ? '' : (row.body ?? 'null'),
	};
}
