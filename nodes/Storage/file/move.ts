import type { IDataObject } from 'n8n-workflow';

import { moveObject } from '../../../src/api/storage/objects';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, path, toBucket, toPath } from '../fields';
import { destinationOf, placeOf, spot, told, type NamedPlace } from '../places';
import { explaining, type About } from '../refusals';

const options = optionsOf([makeNamesSafe, ...requestOptions]);

const rights = 'SELECT and UPDATE on storage.objects, for the old path and the new one';

interface Plan {
	readonly about: About;
	readonly from: NamedPlace;
	readonly to: NamedPlace;
}

export const moveFile = operation<Plan>({
	name: 'Move',
	value: 'move',
	action: 'Move a file',
	description: 'Rename a file, or move it to another folder or bucket; it never overwrites',
	writes: ['file', 'moved'],
	rights,
	parameters: [bucket, path, toBucket, toPath, options],
	compile(get) {
		const from = placeOf(get);
		const to = destinationOf(get, from);
		return { about: { ...to, from, runAs: runAsOf(get) }, from, to };
	},
	execute: eachItem(
		explaining(
			{ exists: 'Move never overwrites, so choose another path or delete that one first' },
			async ({ plan: { from, to }, send }) => {
				const { body } = await send<IDataObject>(moveObject(from, to));
				return { json: { ...told(to), from: spot(from), ...body } };
			},
		),
		{ targetsOf: ({ plan: { from, to } }) => [spot(from), spot(to)] },
	),
});
