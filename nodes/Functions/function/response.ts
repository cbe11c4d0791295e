import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { SupabaseApiError, type Answer } from '../../../src/api/errors';
import {
	collectEvents,
	FORMS,
	formOf,
	mediaType,
	readStream,
	readText,
	type Begun,
	type EventBounds,
	type Form,
} from '../../../src/api/functions/answer';
import { dataOrText, objectOf, parseJson } from '../../../src/api/json';
import type { Output, Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { fileNameOf } from './fileName';

/** Where events end that nobody asked for; the defaults of Max Events and Max Seconds too. */
const BOUNDS: EventBounds = { most: 100, seconds: 30 };

const onlyEvents = { show: { response: ['events'] } };

/** The parameters that say how the answer is read. */
export const responseParameters: INodeProperties[] = [
	{
		displayName: 'Response',
		name: 'response',
		type: 'options',
		// By how often they are wanted.
		// eslint-disable-next-line n8n-nodes-base/node-param-options-type-unsorted-items
		options: [
			{
				name: 'By Content Type',
				value: 'auto',
				description: 'As the answer says: JSON, text, events, and everything else as a file',
			},
			{ name: 'JSON', value: 'json', description: 'An item for each object of a list' },
			{ name: 'Text', value: 'text' },
			{ name: 'File', value: 'file', description: 'Stored as it comes, however large it is' },
			{
				name: 'Server-Sent Events',
				value: 'events',
				description: 'An item for each event, up to a number of them or for a time',
			},
		],
		default: 'auto',
		description: 'What the answer of the function is read as',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		displayOptions: { show: { response: ['auto', 'file'] } },
		hint: 'The name of the output field to put the file in, where the answer is a file',
	},
	{
		displayName: 'Max Events',
		name: 'maxEvents',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 100,
		displayOptions: onlyEvents,
		description: 'After how many events to stop reading',
	},
	{
		displayName: 'Max Seconds',
		name: 'maxSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		displayOptions: onlyEvents,
		description:
			'After how many seconds to stop reading. Give Timeout in Options as many at least.',
	},
];

/** Members of Options. */
export const fullResponse: INodeProperties = {
	displayName: 'Include Response Headers and Status',
	name: 'fullResponse',
	type: 'boolean',
	default: false,
	description: 'Whether to give statusCode and headers too, with the answer as body beside them',
};

export const neverError: INodeProperties = {
	displayName: 'Never Error',
	name: 'neverError',
	type: 'boolean',
	default: false,
	description:
		'Whether to give an item also when the function answers with an error. Items then have statusCode, headers and body.',
};

/** How an item wants its answer. */
export interface ResponsePlan {
	readonly form: Form | 'auto';
	/** Where a file comes to. */
	readonly field: string;
	readonly bounds: EventBounds;
	/** With status and headers. */
	readonly isFull: boolean;
	readonly neverError: boolean;
}

export function responsePlanOf(get: ItemParameters): ResponsePlan {
	const form = get.oneOf('response', ['auto', ...FORMS]) ?? 'auto';
	const neverFails = get.option('neverError').boolean();
	return {
		form,
		field: form === 'auto' || form === 'file' ? get.required('outputPropertyName') : '',
		bounds: {
			most: get.field('maxEvents').wholeNumber(1) ?? BOUNDS.most,
			seconds: get.field('maxSeconds').number(1) ?? BOUNDS.seconds,
		},
		isFull: neverFails || get.option('fullResponse').boolean(),
		neverError: neverFails,
	};
}

/**
 * Reads an answer into items.
 *
 * @param name the function's, for a file that has none
 * @throws SupabaseApiError when it breaks off, or is not what it was to be
 */
export async function outputsOf(
	begun: Begun,
	plan: ResponsePlan,
	name: string,
	run: Run,
): Promise<Output[]> {
	const { headers, status } = begun.answer;
	const form = plan.form === 'auto' ? formOfAnswer(begun) : plan.form;
	const full = (body: unknown) =>
		({ statusCode: status, headers: { ...headers }, body }) as IDataObject;
	if (form === 'file') {
		const type = mediaType(headers['content-type'] ?? '') || 'application/octet-stream';
		const file = await run.files.store(readStream(begun), fileNameOf(headers, name), type);
		const facts = { fileName: file.fileName, contentType: type, size: file.bytes };
		return [{ json: plan.isFull ? full(facts) : facts, binary: { [plan.field]: file } }];
	}
	const value = form === 'events' ? await eventsOf(begun, plan, run) : await valueOf(begun, form);
	if (plan.isFull) return [{ json: full(value) }];
	return (form === 'text' ? textItem(value as string) : itemsOf(value)).map((json) => ({ json }));
}

/** An answer that is empty is no file. */
function formOfAnswer({ answer: { headers, status } }: Begun): Form {
	const isEmpty = status === 204 || headers['content-length'] === '0';
	return isEmpty ? 'text' : formOf(headers['content-type']);
}

/** What a function answered that failed, as an item. */
export function outputOfFailure({ headers, text }: Answer, status: number | undefined): Output {
	return {
		json: {
			statusCode: status ?? null,
			headers: { ...headers },
			body: dataOrText(text),
		} as IDataObject,
	};
}

/** `undefined` for JSON that is empty. */
async function valueOf(begun: Begun, form: 'json' | 'text'): Promise<unknown> {
	const text = await readText(begun);
	if (form === 'text') return text;
	if (text.trim() === '') return undefined;
	const value = parseJson(text);
	if (value !== undefined) return value;
	const { answer, reads } = begun;
	throw new SupabaseApiError('functions', reads ? 'refused' : 'done', {
		message: 'The answer of the function is not JSON',
		ours: true,
		code: 'NOT_JSON',
		status: answer.status,
		details: text.trim().slice(0, 200),
		hint: 'Choose Text or File in Response, or mend what the function answers.',
	});
}

async function eventsOf(begun: Begun, { bounds }: ResponsePlan, run: Run): Promise<IDataObject[]> {
	const { events, endedBy } = await collectEvents(begun, bounds);
	if (endedBy === 'most') {
		run.hint(`Reading ended after ${bounds.most} events: Max Events, with Server-Sent Events.`);
	} else if (endedBy) {
		run.hint(
			`Reading ended after ${bounds.seconds} seconds: Max Seconds, with Server-Sent Events.`,
		);
	}
	return events.map(({ data, ...event }) => ({ ...event, data: dataOrText(data) }) as IDataObject);
}

/** An item for each object of a list, and one for anything else. */
function itemsOf(value: unknown): IDataObject[] {
	if (value === undefined) return [{ success: true }];
	return [value]
		.flat()
		.map((each: unknown) =>
			typeof each === 'string'
				? { result: each }
				: ((objectOf(each) ?? { result: each }) as IDataObject),
		);
}

function textItem(text: string): IDataObject[] {
	return [text === '' ? { success: true } : { text }];
}
