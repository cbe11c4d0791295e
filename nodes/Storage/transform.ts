import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import type { Transform } from '../../src/api/storage/transform';
import type { Field } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';

const RESIZE = ['cover', 'contain', 'fill'] as const;
const FORMAT = ['origin', 'webp', 'avif'] as const;

/** A member of Options. What is left at the server's own choice is not sent. */
export const transform: INodeProperties = {
	displayName: 'Transform Image',
	name: 'transform',
	type: 'fixedCollection',
	placeholder: 'Add Transformation',
	default: {},
	description:
		'Changes an image on its way. Hosted projects need a paid plan for it, self-hosted ones imgproxy.',
	options: [
		{
			displayName: 'Image',
			name: 'image',
			values: [
				{
					displayName: 'Width',
					name: 'width',
					type: 'number',
					default: 0,
					description: 'In pixels. 0 leaves it to the height.',
				},
				{
					displayName: 'Height',
					name: 'height',
					type: 'number',
					default: 0,
					description: 'In pixels. 0 leaves it to the width.',
				},
				{
					displayName: 'Resize',
					name: 'resize',
					type: 'options',
					options: [
						{ name: 'Chosen by the Server', value: '', description: 'Cover' },
						{
							name: 'Contain',
							value: 'contain',
							description: 'All of the image, inside the sides',
						},
						{
							name: 'Cover',
							value: 'cover',
							description: 'Fill both sides, and cut off the rest',
						},
						{
							name: 'Fill',
							value: 'fill',
							description: 'Fill both sides, and distort the image',
						},
					],
					default: '',
				},
				{
					displayName: 'Quality',
					name: 'quality',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 100 },
					default: 0,
					description: 'From 20 to 100. 0 leaves it to the server, which takes 80.',
				},
				{
					displayName: 'Format',
					name: 'format',
					type: 'options',
					options: [
						{
							name: 'Chosen by the Server',
							value: '',
							description: 'WebP for who understands it',
						},
						{ name: 'AVIF', value: 'avif' },
						{ name: 'Original', value: 'origin' },
						{ name: 'WebP', value: 'webp' },
					],
					default: '',
				},
			],
		},
	],
};

/** What an item's Transform Image holds; nothing where it was not added. */
export function transformOf(get: ItemParameters): Transform | undefined {
	const added = get.option('transform');
	if (!added.given) return undefined;
	const image = added.collection();
	return {
		width: numberOr(image('width')),
		height: numberOr(image('height')),
		resize: choiceOr(image('resize'), RESIZE),
		quality: qualityOf(image('quality')),
		format: choiceOr(image('format'), FORMAT),
	};
}

/** 0 stands for no choice. */
function numberOr(field: Field): number | undefined {
	return field.wholeNumber() || undefined;
}

function qualityOf(field: Field): number | undefined {
	const quality = numberOr(field);
	if (quality === undefined || (quality >= 20 && quality <= 100)) return quality;
	throw new InvalidRequestError(
		`Quality is ${quality}`,
		'Storage takes whole numbers from 20 to 100.',
	);
}

/** As n8n writes it, an empty text stands for no choice. */
function choiceOr<Value extends string>(field: Field, values: readonly Value[]): Value | undefined {
	return field.value() === '' ? undefined : field.oneOf(values);
}
