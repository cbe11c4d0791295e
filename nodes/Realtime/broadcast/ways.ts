import { buffer } from 'node:stream/consumers';

import type { IBinaryData } from 'n8n-workflow';

import {
	broadcastBatch,
	broadcastRequest,
	type BroadcastMessage,
} from '../../../src/api/realtime/broadcast';
import { partsOf } from '../../../src/api/parts';
import { visit } from '../../../src/api/realtime/visit';
import type { Send } from '../../../src/api/transport';
import { carryOut, eachItem, groupBy, type Group } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import type { Job, Output, Result, Run } from '../../../src/n8n/operation';
import { JOIN_TIMEOUT } from '../fields';

/** How messages go to Realtime. */
export const WAYS = ['request', 'batch', 'socket'] as const;

export interface SendPlan {
	readonly way: (typeof WAYS)[number];
	/** How long the server may be silent, in milliseconds. */
	readonly timeout: number | undefined;
	readonly place: Omit<BroadcastMessage, 'payload'>;
	readonly payload: { readonly object: Record<string, unknown> } | { readonly file: IBinaryData };
}

/** As many as the server takes from a project in a second, unless its plan says more. */
const BATCH = 100;

/** Of a batch, well below the 8 MB that the server takes, in bytes. */
const BATCH_SIZE = 4_000_000;

/** Sends all messages the way that the node says, those to one channel in the order of the items. */
export async function carryOutBy(
	jobs: ReadonlyArray<Job<SendPlan>>,
	run: Run,
): Promise<readonly Result[]> {
	const way = jobs[0]?.plan.way;
	if (way === 'batch') return await inBatches(jobs, run);
	return await (way === 'socket' ? bySocket : byRequest)(jobs, run);
}

const byRequest = eachItem<SendPlan>(
	async ({ plan, send }, run) => {
		await send(broadcastRequest(await messageOf(plan, run)));
		return sentOutput(plan);
	},
	{ targetsOf: ({ plan }) => [roomOf(plan)] },
);

async function inBatches(jobs: ReadonlyArray<Job<SendPlan>>, run: Run): Promise<readonly Result[]> {
	const groups: Array<Group<SendPlan>> = [];
	const limits = { count: BATCH, size: BATCH_SIZE };
	for (const group of (await groupBy(jobs, () => '')).values()) {
		for await (const part of partsOf(group, ({ plan }) => sizeOf(plan), limits)) groups.push(part);
	}
	if (jobs.some(({ plan }) => plan.place.private)) {
		run.hint(
			'In a batch Realtime does not say whether a private message was let through. One Request per Message in Send By does.',
		);
	}
	return await carryOut(
		groups,
		run,
		async (group) => {
			const messages: BroadcastMessage[] = [];
			for (const { plan } of group) messages.push(await messageOf(plan, run));
			await group[0].send(broadcastBatch(messages));
			return group.map(({ item, plan }) => ({ items: [item], ...sentOutput(plan) }));
		},
		{ width: 1 },
	);
}

function sizeOf({ payload }: SendPlan): number {
	return 'object' in payload ? Buffer.byteLength(JSON.stringify(payload.object)) : 0;
}

/** One connection for each room; all that is sent to it goes in order, each after the other's answer. */
async function bySocket(jobs: ReadonlyArray<Job<SendPlan>>, run: Run): Promise<readonly Result[]> {
	const rooms = await groupBy(jobs, ({ plan }) => roomOf(plan));
	return await carryOut([...rooms.values()], run, async (group) => {
		const [{ plan, connect }] = group;
		const { topic, private: isPrivate } = plan.place;
		return await visit(
			connect,
			{ name: topic, private: isPrivate, broadcast: { ack: true } },
			{},
			{ timeout: plan.timeout ?? JOIN_TIMEOUT, signal: run.signal },
			async (channel) => {
				const results: Result[] = [];
				for (const job of group) {
					const message = await messageOf(job.plan, run);
					const send = job.kept((async () => {
						await channel.broadcast(message.event, message.payload);
						return { status: 202, headers: {}, body: undefined };
					}) as Send);
					try {
						await send(broadcastRequest(message));
						results.push({ items: [job.item], ...sentOutput(job.plan) });
					} catch (error) {
						if (!run.continueOnFail) throw failed([job.item], error);
						results.push({ items: [job.item], error });
					}
				}
				return results;
			},
		);
	});
}

function roomOf({ place }: SendPlan): string {
	return `${place.private ? 'private' : 'public'} ${place.topic}`;
}

async function messageOf({ place, payload }: SendPlan, { files }: Run): Promise<BroadcastMessage> {
	if ('object' in payload) return { ...place, payload: payload.object };
	const content = await files.read(payload.file);
	const bytes = 'bytes' in content ? content.bytes : await buffer(await content.open());
	return { ...place, payload: new Uint8Array(bytes) };
}

function sentOutput({ way, place }: SendPlan): Output {
	const { topic, event, private: isPrivate } = place;
	return { json: { channel: topic, event, private: isPrivate, confirmed: way !== 'batch' } };
}
