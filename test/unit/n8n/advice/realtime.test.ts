import { readErrorBody, SupabaseApiError } from '../../../../src/api/errors';
import { refusalFault, systemFault } from '../../../../src/api/realtime/faults';
import type { ErrorContext } from '../../../../src/n8n/advice/advice';
import { explain } from '../../../../src/n8n/advice/lookup';
import { nodeError } from '../../../../src/n8n/errors';
import { recordings } from '../../api/realtime/recordings';
import { aNode } from '../node';

/** A message of the server in either form of the protocol. */
function readFrame(text: string): { event: string; payload: unknown } | undefined {
	const read = JSON.parse(text) as unknown;
	if (!Array.isArray(read)) return read as { event: string; payload: unknown };
	return { event: String(read[3]), payload: read[4] };
}

function refusalIn(text: string | undefined): SupabaseApiError | undefined {
	// Whatever came, it says so in its first kilobytes.
	if (!text?.includes('"status":"error"')) return undefined;
	const { event, payload } = readFrame(text) ?? {};
	const { status, response, extension, message } = payload as Record<string, unknown>;
	if (status !== 'error') return undefined;
	if (event === 'phx_reply') return refusalFault(response).reason;
	return systemFault(String(extension), String(message)).reason;
}

/** Every refusal that Realtime 2.129.8 gave: of upgrades, requests, joins, messages, subscriptions. */
const refusals = recordings.flatMap(({ response, frames = [] }) => [
	...(response && response.status >= 400
		? [
				new SupabaseApiError(
					'realtime',
					'refused',
					readErrorBody(response.status, {}, response.body, 'realtime'),
				),
			]
		: []),
	...frames.flatMap(({ dir, text }) => (dir === 'recv' ? (refusalIn(text) ?? []) : [])),
]);

const recorded = [
	...new Map(
		refusals.map((error) => {
			const said = `${error.code} ${error.status} ${error.message}`;
			return [said.replace(/\d{2,}/g, '0'), error] as const;
		}),
	).values(),
];

const contexts: Array<[string, ErrorContext | undefined]> = [
	['without a context', undefined],
	[
		'of a message',
		{
			operation: 'broadcast.send',
			role: 'authenticated',
			parameter: (name) => (name === 'channel' ? 'room-1' : undefined),
		},
	],
	[
		'of a wait',
		{
			operation: 'channel.waitFor',
			role: 'service_role',
			parameter: (name) => (name === 'table' ? 'orders' : undefined),
		},
	],
];

it('there are many', () => expect(recorded.length).toBeGreaterThan(60));

describe.each(contexts)('every recorded refusal of Realtime, %s,', (_, context) => {
	it('has a title of our own, and says how to mend it', () => {
		const without = recorded.filter((error) => {
			const { title, mend } = explain(error, context);
			return !title || !mend || title === error.message;
		});
		expect(without.map(({ code, status, message }) => ({ code, status, message }))).toEqual([]);
	});

	it('says nothing of the insides of the server before the mend, and leaves no word out', () => {
		for (const error of recorded) {
			const { message, description } = nodeError(aNode, error, { item: 0, context });
			expect(message).not.toMatch(/null$|%\{|\[event:|\{[a-z]+\}/);
			if (!error.message.includes('undefined')) expect(message).not.toContain('undefined');
			expect(message.length).toBeLessThan(320);
			expect(description?.indexOf(explain(error, context).mend ?? '?')).toBe(0);
		}
	});
});
