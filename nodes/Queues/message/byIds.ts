import type { ApiRequest, ApiResponse } from '../../../src/api/request';
import { SupabaseApiError } from '../../../src/api/errors';
import { pacer } from '../../../src/api/pacer';
import { partsOf } from '../../../src/api/parts';
import { idsIn, keptBack, truthIn } from '../../../src/api/queues/answers';
import type { MessageId } from '../../../src/api/queues/ids';
import { isMissing, openWays, type Through, type Tries } from '../../../src/api/queues/ways';
import { sideBySide } from '../../../src/api/sideBySide';
import { carryOut, groupBy, type Group } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import type { Job, Result, Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { isServiceRole, messageIdsOf, queueOf } from '../fields';

/** How many messages one request is about: the row cap of Supabase's projects. */
const AT_ONCE = 1000;

/** What is common to the plans of operations on messages that are named by their IDs. */
export interface ByIdsPlan {
	readonly queue: string;
	/** Each once. */
	readonly ids: readonly MessageId[];
	readonly mayUsePack: boolean;
	readonly failIfMissing: boolean;
}

/** What an item names, for the operations that take no more. */
export function byIdsPlanOf(get: ItemParameters): ByIdsPlan {
	return {
		queue: queueOf(get),
		ids: messageIdsOf(get),
		mayUsePack: isServiceRole(get),
		failIfMissing: get.option('failIfMissing').boolean(),
	};
}

/** What is done to messages. */
export interface ByIds<Plan> {
	/** The field of the output that says whether it was done, such as `deleted`. */
	readonly field: string;
	/** Many at once, by this pack's SQL. */
	readonly many: (plan: Plan, ids: readonly MessageId[]) => ApiRequest;
	/** One, by Supabase's own function, where there is one. */
	readonly one?: (plan: Plan, id: MessageId) => ApiRequest;
	/** What items have in common, beside the queue, to go in one request. */
	readonly keyOf?: (plan: Plan) => unknown;
}

/** Whether it was done to a message, why not, or that it is not known. */
type Outcome = boolean | undefined | { readonly error: unknown };

/**
 * Does something to the messages of many items in few requests where this pack's SQL is there, and one
 * by one side by side otherwise. That a message is not there is said on its item.
 */
export async function eachById<Plan extends ByIdsPlan>(
	jobs: ReadonlyArray<Job<Plan>>,
	run: Run,
	what: ByIds<Plan>,
): Promise<readonly Result[]> {
	const through = openWays();
	const groups: Array<Group<Plan>> = [];
	const keyOf = ({ plan }: Job<Plan>) => JSON.stringify([plan.queue, what.keyOf?.(plan)]);
	for (const group of (await groupBy(jobs, keyOf)).values()) {
		const parts = partsOf(group, ({ plan }) => plan.ids.length, {
			count: Infinity,
			size: AT_ONCE,
		});
		for await (const part of parts) groups.push(part);
	}
	return await carryOut(groups, run, async (group) => await forGroup(group, run, through, what), {
		targetsOf: ({ plan }) => [plan.queue.toLowerCase()],
	});
}

async function forGroup<Plan extends ByIdsPlan>(
	group: Group<Plan>,
	run: Run,
	through: Through,
	what: ByIds<Plan>,
): Promise<readonly Result[]> {
	const [first] = group;
	const ids = [...new Set(group.flatMap(({ plan }) => plan.ids))];
	const outcomes = new Map<MessageId, Outcome>();
	for (let from = 0; from < ids.length; from += AT_ONCE) {
		const some = ids.slice(from, from + AT_ONCE);
		for (const [id, outcome] of await outcomesOf(first, some, run, through, what)) {
			outcomes.set(id, outcome);
		}
	}
	const results: Result[] = [];
	const pause = pacer();
	for (const { item, plan } of group) {
		for (const id of plan.ids) {
			if (pause.isDue()) await pause();
			const result = resultOf(item, plan, id, outcomes.get(id), what.field, run);
			if ('error' in result && !run.continueOnFail) throw failed([item], result.error);
			results.push(result);
		}
	}
	return results;
}

async function outcomesOf<Plan extends ByIdsPlan>(
	{ plan, send }: Job<Plan>,
	ids: readonly MessageId[],
	run: Run,
	through: Through,
	{ many, one }: ByIds<Plan>,
): Promise<ReadonlyArray<readonly [MessageId, Outcome]>> {
	const together = async () => readMany(ids, await send(many(plan, ids)));
	const singly = async () => {
		const done = async (id: MessageId) =>
			truthIn(await send((one as Required<ByIds<Plan>>['one'])(plan, id)));
		const single = async (id: MessageId): Promise<readonly [MessageId, Outcome]> => [
			id,
			await done(id).catch((error: unknown) => {
				if (isMissing(error) || !run.continueOnFail) throw error;
				return { error };
			}),
		];
		// The first shows whether the function is there at all.
		const first = await single(ids[0] as MessageId);
		return [first, ...(await sideBySide(ids.slice(1), single))];
	};
	type Outcomes = ReadonlyArray<readonly [MessageId, Outcome]>;
	const tries: Array<Tries<Outcomes>[number]> = [];
	if (plan.mayUsePack) tries.push(['pack', together]);
	if (one) tries.push(['public', singly]);
	// One goes as Supabase's documentation has it; many go in one request where that is possible.
	if (ids.length === 1) tries.reverse();
	return await through(tries);
}

/** What an answer with the IDs of those that were there tells of each. */
function readMany(
	ids: readonly MessageId[],
	answer: ApiResponse,
): ReadonlyArray<readonly [MessageId, Outcome]> {
	const found = new Set(idsIn(answer).map(String));
	const cut = keptBack(answer);
	const isAll = found.size + cut >= ids.length;
	// Where the row cap cut the answer, those that it does not name may have been among it.
	const otherwise = cut === 0 ? false : isAll ? true : undefined;
	return ids.map((id) => [id, found.has(String(id)) || otherwise] as const);
}

function resultOf(
	item: number,
	plan: ByIdsPlan,
	id: MessageId,
	outcome: Outcome,
	field: string,
	run: Run,
): Result {
	const items = [item];
	if (typeof outcome === 'object') return { items, error: outcome.error };
	if (outcome === false) {
		if (plan.failIfMissing) return { items, error: missing(plan.queue, id) };
		run.hint(MISSING);
	}
	const known = Number(id);
	const shown = Number.isSafeInteger(known) ? known : id;
	return { items, json: { queue: plan.queue, msg_id: shown, [field]: outcome ?? null } };
}

const MISSING =
	'Some messages were not in the queue: they were deleted or archived before, have another ID, or policies keep them from this role. Their outcome is false.';

function missing(queue: string, id: MessageId): SupabaseApiError {
	return new SupabaseApiError('rest', 'refused', {
		message: `The queue ${queue} has no message ${id}`,
		status: 404,
		code: 'NO_MESSAGE',
		hint: 'It was deleted or archived before, has another ID, or policies keep it from this role.',
		ours: true,
	});
}
