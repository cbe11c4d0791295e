import { randomUUID } from 'node:crypto';

import type { IBinaryData } from 'n8n-workflow';

import { bodyOf, type Content } from '../../../src/api/content';
import { InvalidRequestError } from '../../../src/api/errors';
import type { InvocationBody } from '../../../src/api/functions/invoke';
import { multipart, type FormPart } from '../../../src/api/functions/multipart';
import { parseJson } from '../../../src/api/json';
import type { Files } from '../../../src/n8n/binary';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { BODIES } from './bodyFields';
import { objectOfFields } from './objectOfFields';

/** What an item sends along, as far as it is known without reading files. */
export type BodyPlan =
	| { readonly text: string; readonly type: string }
	| { readonly file: IBinaryData; readonly type: string }
	| { readonly parts: readonly PartPlan[] };

type PartPlan =
	| { readonly name: string; readonly value: string }
	| { readonly name: string; readonly file: IBinaryData };

const ANY_TYPE = 'application/octet-stream';

/**
 * Reads what an item sends along.
 *
 * @param own the content type that the person wants
 * @returns `undefined` for nothing
 */
export function bodyPlanOf(get: ItemParameters, own: string | undefined): BodyPlan | undefined {
	const chosen = get.oneOf('body', BODIES) ?? 'json';
	switch (chosen) {
		case 'none':
			return undefined;
		case 'json':
			return { text: jsonOf(get), type: own ?? 'application/json' };
		case 'fields': {
			const object = objectOfFields(get.object('fields').assignments);
			return { text: JSON.stringify(object), type: own ?? 'application/json' };
		}
		case 'form':
			return { text: formOf(get), type: own ?? 'application/x-www-form-urlencoded' };
		case 'multipart':
			return { parts: partsOf(get) };
		case 'text':
			return { text: get.field('text').exact(), type: own ?? 'text/plain' };
		case 'binary': {
			const file = get.file('binaryPropertyName');
			return { file, type: own ?? (file.mimeType || ANY_TYPE) };
		}
	}
}

function jsonOf(get: ItemParameters): string {
	const value = get.value('json');
	const parsed = typeof value === 'string' ? parseJson(value) : value;
	if (parsed !== undefined) return JSON.stringify(parsed);
	throw new InvalidRequestError(
		value === undefined || value === '' ? 'JSON is empty' : 'JSON is not valid JSON',
		'Check quotes, commas and brackets. A text alone stands in double quotes; None in Body sends nothing.',
	);
}

function formOf(get: ItemParameters): string {
	const rows = get.field('form').collections('field');
	const pairs = rows.map((row): [string, string] => [row('name').required(), row('value').exact()]);
	return new URLSearchParams(pairs).toString();
}

function partsOf(get: ItemParameters): PartPlan[] {
	const parts = get.field('parts');
	return [
		...parts
			.collections('text')
			.map((row) => ({ name: row('name').required(), value: row('value').exact() })),
		...parts.collections('file').map((row) => ({
			name: row('name').required(),
			file: get.file(row('binaryPropertyName')),
		})),
	];
}

/** The body itself; its files are opened when it is sent. */
export async function openedBody(plan: BodyPlan, files: Files): Promise<InvocationBody> {
	if ('text' in plan) return { content: plan.text, type: plan.type };
	if ('file' in plan) return streamed(await files.read(plan.file), plan.type);
	const boundary = `n8n-${randomUUID()}`;
	const parts = await Promise.all(plan.parts.map(async (part) => await openedPart(part, files)));
	return streamed(multipart(parts, boundary), `multipart/form-data; boundary=${boundary}`);
}

async function openedPart(part: PartPlan, files: Files): Promise<FormPart> {
	if ('value' in part) return part;
	const { name, file } = part;
	const content = await files.read(file);
	return { name, fileName: file.fileName || name, type: file.mimeType || ANY_TYPE, content };
}

function streamed(content: Content, type: string): InvocationBody {
	return { content: bodyOf(content), size: content.size, type };
}
