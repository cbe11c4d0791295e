import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import type { DownloadAs } from '../../src/api/storage/sign';
import type { ItemParameters } from '../../src/n8n/parameters';

export const expiresIn: INodeProperties = {
	displayName: 'Expires In (Seconds)',
	name: 'expiresIn',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 3600,
	description: 'How many seconds the URL is good for',
};

/** Members of Options: what a browser does with the file. */
export const linkOptions: INodeProperties[] = [
	{
		displayName: 'Download',
		name: 'download',
		type: 'boolean',
		default: false,
		description:
			'Whether a browser saves the file, under the name that it has, instead of showing it',
	},
	{
		displayName: 'Download As',
		name: 'downloadAs',
		type: 'string',
		default: '',
		placeholder: 'e.g. report.pdf',
		description: 'Lets a browser save the file under this name instead of showing it',
	},
];

/** What a browser does with the file: nothing of its own, save it under a name, or under its own. */
export function downloadAsOf(get: ItemParameters): DownloadAs | undefined {
	const name = get.option('downloadAs').text();
	if (name === '*') {
		throw new InvalidRequestError(
			'Download As is "*", which is not the name of a file',
			'To have the file saved under its own name, remove Download As and switch on Download.',
		);
	}
	return name || get.option('download').boolean() || undefined;
}

/** For how many seconds a URL is good. */
export function expiresInOf(get: ItemParameters): number {
	return get.field('expiresIn').wholeNumber(1) ?? 3600;
}
