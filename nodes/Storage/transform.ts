import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import type { Transform } from '../../src/api/storage/transform';
import type { ItemParameters } from '../../src/n8n/parameters';

/** A member of Options. */
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
					displayName: 'Format',
					name: 'format',
					type: 'options',
					options: [
						{
							name: 'AVIF',
							value: 'avif',
						},
						{
							name: 'Chosen by the Server',
							value: '',
							description: 'WebP for who understands it',
						},
						{
							name: 'Original',
							value: 'origin',
						},
						{
							name: 'WebP',
							value: 'webp',
						},
					],
					default: '',
				},
				{
					displayName: 'Height',
					name: 'height',
					type: 'number',
					default: 0,
					description: 'In pixels. 0 leaves it to the width.',
				},
				{
					displayName: 'Quality',
					name: 'quality',
					type: 'number',
					default: 80,
				},
				{
					displayName: 'Resize',
					name: 'resize',
					type: 'options',
					options: [
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
					default: 'cover',
				},
				{
					displayName: 'Width',
					name: 'width',
					type: 'number',
					default: 0,
					description: 'In pixels. 0 leaves it to the height.',
				},
			],
		},
	],
};

/** What an item's Transform Image holds; nothing where it was not added. */
export function transformOf(get: ItemParameters): Transform | undefined {
	const { image } = (get.object('options').transform ?? {}) as { image?: Record<string, unknown> };
	if (!image) return undefined;
	const { resize, format } = image;
	return {
		...number(image.width, 'Width', 1),
		...number(image.height, 'Height', 1),
		...(resize && resize !== 'cover' ? { resize: resize as Transform['resize'] } : {}),
		...(image.quality === 80 ? {} : number(image.quality, 'Quality', 20, 100)),
		...(format ? { format: format as Transform['format'] } : {}),
	};
}

function number(value: unknown, label: string, least: number, most = Infinity) {
	if (value === undefined || value === 0 || value === '') return {};
	const wanted = Number(value);
	if (Number.isInteger(wanted) && wanted >= least && wanted <= most) {
		return { [label.toLowerCase()]: wanted };
	}
	throw new InvalidRequestError(
		`${label} is not a whole number of ${least} ${most === Infinity ? 'or more' : `to ${most}`}`,
	);
}
