import { Readable } from 'node:stream';

import type { IDataObject } from 'n8n-workflow';

import { InvalidRequestError, SupabaseApiError } from '../../../src/api/errors';
import { checkMessage } from '../../../src/api/realtime/broadcast';
import type { Broadcast, Change } from '../../../src/api/realtime/events';
import { checkSubscription, type Subscription } from '../../../src/api/realtime/subscription';
import { visit, within } from '../../../src/api/realtime/visit';
import { eachItem } from '../../../src/n8n/each';
import type { Field } from '../../../src/n8n/field';
import { operation, type Job, type Output, type Run } from '../../../src/n8n/operation';
import { filledIn, type ItemParameters } from '../../../src/n8n/parameters';
import { requestOptionsOf } from '../../../src/n8n/requestOptions';
import { channelOf, JOIN_TIMEOUT, objectIn } from '../fields';
import { matches } from './matching';
import { EVENTS, waitForParameters } from './waitForFields';

interface Plan {
	readonly subscription: Subscription;
	/** The names of the messages that are waited for; any where there are none. */
	readonly events: readonly string[];
	readonly question?: { readonly event: string; readonly payload: Record<string, unknown> };
	readonly match: Readonly<Record<string, unknown>>;
	/** In milliseconds. */
	readonly timeLimit: number;
	/** For the channel to be joined, in milliseconds. */
	readonly timeout: number;
	readonly neverError: boolean;
}

export const waitFor = operation<Plan>({
	name: 'Wait For',
	value: 'waitFor',
	action: 'Wait for a message or a change',
	description: 'Wait until a message comes in a channel or a row changes, up to a time limit',
	writes: ['message', 'sent'],
	rights: 'SELECT on the table, or on realtime.messages for a private channel',
	parameters: waitForParameters,
	compile(get) {
		const option = get.option('match');
		const plan = {
			match: option.given ? wantedIn(option) : {},
			timeLimit: (get.field('timeLimit').number(0.001) ?? 60) * 1000,
			timeout: requestOptionsOf(get).timeout ?? JOIN_TIMEOUT,
			neverError: get.option('neverError').boolean(),
		};
		const kind = get.oneOf('waitFor', ['broadcast', 'change'] as const) ?? 'broadcast';
		const wanted = kind === 'change' ? changeOf(get) : messageOf(get);
		checkSubscription(wanted.subscription);
		return { ...plan, ...wanted };
	},
	execute: eachItem(waitOnce),
});

/** A Match that holds nothing would be met by anything. */
function wantedIn(option: Field): Record<string, unknown> {
	const wanted = objectIn(option, 'Match');
	if (Object.keys(wanted).length > 0) return wanted;
	throw new InvalidRequestError(
		'Match is empty',
		'Name at least one path with its value, or remove the option.',
	);
}

function messageOf(get: ItemParameters): Pick<Plan, 'subscription' | 'events' | 'question'> {
	const { topic, private: isPrivate } = channelOf(get);
	const subscription = { name: topic, private: isPrivate, broadcast: { ack: true } };
	const events = filledIn(get, 'events')?.someNames() ?? [];
	if (!get.boolean('ask')) return { subscription, events };
	const event = get.required('askEvent');
	const payload = objectIn(get.field('askJson'), 'JSON to Send');
	checkMessage({ topic, event, payload, private: isPrivate });
	return { subscription, events, question: { event, payload } };
}

function changeOf(get: ItemParameters): Pick<Plan, 'subscription' | 'events'> {
	const table = get.required('table');
	const change = {
		event: get.oneOf('change', EVENTS) ?? '*',
		schema: get.required('schema'),
		table,
		filter: filledIn(get, 'filter')?.required(),
	};
	return { subscription: { name: `n8n-${table}`, changes: [change] }, events: [] };
}

/** Each item has a connection of its own: the same room can be joined once on one. */
async function waitOnce({ plan, connect }: Job<Plan>, run: Run): Promise<Output> {
	const { subscription, events, question, match, timeLimit, timeout } = plan;
	let tell: ((found: Broadcast | Change) => void) | undefined;
	const came = new Promise<Broadcast | Change | undefined>((resolve) => (tell = resolve));
	const found = await visit(
		connect,
		subscription,
		{
			onBroadcast(message) {
				const isNamed = !events.length || events.includes(message.event);
				if (isNamed && matches(message.payload, match)) tell?.(message);
			},
			onChange(change) {
				if (matches(change.record ?? change.oldRecord, match)) tell?.(change);
			},
		},
		{ timeout, signal: run.signal },
		async (channel) => {
			if (question) await channel.broadcast(question.event, question.payload);
			return await within(came, timeLimit, () => undefined);
		},
	);
	if (!found) {
		if (plan.neverError) return { json: { timedOut: true } };
		throw nothingCame(timeLimit);
	}
	return 'type' in found ? { json: changed(found) } : await received(found, run);
}

function nothingCame(timeLimit: number): SupabaseApiError {
	return new SupabaseApiError('realtime', 'refused', {
		message: `Nothing came in ${timeLimit / 1000} seconds`,
		hint: 'Raise Time Limit, or check who sends and what Match asks for. Never Error in Options gives an item instead.',
		code: 'NOTHING_CAME',
		ours: true,
	});
}

function changed(change: Change): IDataObject {
	return {
		event: change.type,
		schema: change.schema,
		table: change.table,
		commit_timestamp: change.commitTimestamp ?? null,
		...(change.record && { record: change.record as IDataObject }),
		...(change.oldRecord && { old_record: change.oldRecord as IDataObject }),
		...(change.errors && { errors: [...change.errors] }),
		...(change.rounded && { rounded: [...change.rounded] }),
	};
}

async function received(message: Broadcast, { files }: Run): Promise<Output> {
	const { event, payload, id, rounded } = message;
	const about = { event, ...(id && { id }), ...(rounded && { rounded: [...rounded] }) };
	if (!(payload instanceof Uint8Array)) {
		return { json: { ...about, payload: payload as IDataObject } };
	}
	const data = await files.store(Readable.from([Buffer.from(payload)]), event);
	return { json: { ...about, size: payload.length }, binary: { data } };
}
