import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { PresenceState } from '../../../src/api/realtime/events';
import { ownFault } from '../../../src/api/realtime/faults';
import { visit, within } from '../../../src/api/realtime/visit';
import { groupBy, carryOut } from '../../../src/n8n/each';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import { requestOptions, requestOptionsOf } from '../../../src/n8n/requestOptions';
import { channelName, channelOf, isPrivate, JOIN_TIMEOUT } from '../fields';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: requestOptions.filter(({ name }) => name === 'timeout'),
};

interface Plan {
	readonly channel: { readonly topic: string; readonly private: boolean };
	readonly timeout: number;
}

export const getPresences = operation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get who is in a channel',
	description: 'Tell who is present in a channel, an item for each presence',
	rights: 'SELECT on realtime.messages, where realtime.topic() is the name of the channel',
	parameters: [channelName, isPrivate, options],
	compile: (get) => ({
		channel: channelOf(get),
		timeout: requestOptionsOf(get).timeout ?? JOIN_TIMEOUT,
	}),
	execute: readAll,
});

/** Rooms that several items name are entered once. */
async function readAll(jobs: ReadonlyArray<Job<Plan>>, run: Run): Promise<readonly Result[]> {
	const groups = await groupBy(jobs, ({ plan }) => JSON.stringify(plan.channel));
	return await carryOut([...groups.values()], run, async (group) => {
		const [{ plan, connect }] = group;
		const state = await stateOf(connect, plan, run);
		return group.flatMap(({ item }) =>
			presencesOf(state).map((json) => ({ items: [item], json: structuredClone(json) })),
		);
	});
}

async function stateOf(
	connect: Job<Plan>['connect'],
	{ channel, timeout }: Plan,
	{ signal }: Run,
): Promise<PresenceState> {
	let tell: ((state: PresenceState) => void) | undefined;
	const told = new Promise<PresenceState>((resolve) => (tell = resolve));
	return await visit(
		connect,
		{ name: channel.topic, private: channel.private, presence: { enabled: true } },
		{
			onPresence(event) {
				if (event.event === 'sync') tell?.(event.state);
			},
		},
		{ timeout, signal },
		// The state comes right behind the answer to the join.
		async () =>
			await within(told, timeout, () => {
				throw ownFault('SUBSCRIBE_TIMEOUT').reason;
			}),
	);
}

function presencesOf(state: PresenceState): IDataObject[] {
	return Object.entries(state).flatMap(([key, presences]) =>
		presences.map(({ presence_ref, ...presence }) => ({
			key,
			presence: presence as IDataObject,
			presence_ref,
		})),
	);
}
