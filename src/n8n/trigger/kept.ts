import type { IDataObject } from 'n8n-workflow';

import { objectOf } from '../../api/json';
import type { CatchUpState } from '../../api/realtime/catchUp/state';
import type { Watch } from '../../api/realtime/catchUp/watch';

/** How often what is kept may be written, in milliseconds: n8n writes all of it to its database. */
const OFTEN = 250;

/** What a trigger keeps from one activation to the next. */
export interface Kept {
	/** As it was kept last, for the tables whose cursor is still by the same column. */
	readonly state: CatchUpState | undefined;
	/** Another after each new beginning, so that what is read again starts executions again. */
	readonly epoch: string;
	/**
	 * To be called before an execution is started: keeps the newest state before which all executions
	 * have ended. So a crash repeats some, and loses none.
	 *
	 * @param state as it is before the events of this execution
	 * @param running the executions that have not ended
	 */
	note(state: () => CatchUpState, running: () => ReadonlySet<Promise<unknown>>): void;
}

/**
 * Keeps states in n8n's static data, which n8n saves when an execution is started and when a trigger
 * has been activated, and at no other time. They are texts there: n8n watches every part of an object.
 *
 * @param data the node's static data
 * @param anew whether to forget what was kept
 */
export function keptIn(data: IDataObject, watches: readonly Watch[], anew: boolean): Kept {
	const cursors = JSON.stringify(
		watches.map(({ table, cursor, key }) => [table.schema, table.name, cursor, key]),
	);
	if (anew) for (const name of ['state', 'cursors', 'epoch']) delete data[name];
	const isSame = data.cursors === cursors;
	const state = isSame ? stateIn(data.state) : undefined;
	if (!isSame) delete data.state;
	data.cursors = cursors;
	data.epoch ??= Date.now().toString(36);

	/** A state that is safe to keep once the executions that ran before it have ended. */
	let pending: { readonly text: string; ready: boolean } | undefined;
	let notedAt = -Infinity;

	return {
		state,
		epoch: String(data.epoch as string),
		note(current, running) {
			if (pending?.ready) {
				data.state = pending.text;
				pending = undefined;
			}
			if (pending || Date.now() - notedAt < OFTEN) return;
			notedAt = Date.now();
			const before = running();
			const text = JSON.stringify(current());
			if (before.size === 0) {
				data.state = text;
				return;
			}
			const waiting = { text, ready: false };
			pending = waiting;
			void Promise.all(before).then(() => (waiting.ready = true));
		},
	};
}

/** Anything in the workflow may write static data, so it is looked at before it is believed. */
function stateIn(text: unknown): CatchUpState | undefined {
	const state = typeof text === 'string' ? objectOf(text) : undefined;
	return state?.version === 1 && objectOf(state.tables)
		? (state as unknown as CatchUpState)
		: undefined;
}
