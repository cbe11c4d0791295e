import type { Access, Call } from './call';
import { downloadSigned, publicObject, sendFile, visibleObject } from './download';
import { validate, type Fields } from './schemas';

/** What may be asked of an image. Nothing is really done to it: the original is served. */
export const transformFields: Fields = {
	height: { type: 'integer', min: 0 },
	width: { type: 'integer', min: 0 },
	resize: { type: 'string', oneOf: ['cover', 'contain', 'fill'] },
	format: { type: 'string', oneOf: ['origin', 'avif', 'webp'] },
	quality: { type: 'integer', min: 20, max: 100 },
};

/** A wish as it stands in a signed URL's token. */
export function transformText(wish: unknown): string {
	const given = (wish ?? {}) as Record<string, unknown>;
	return Object.keys(transformFields)
		.filter((name) => given[name] !== undefined)
		.map((name) => `${name}:${String(given[name])}`)
		.join(',');
}

export const render =
	(access: Access) =>
	async (call: Call): Promise<void> => {
		checkWish(call);
		await sendFile(call, await visibleObject(call, access));
	};

export async function renderPublic(call: Call): Promise<void> {
	checkWish(call);
	await sendFile(call, await publicObject(call));
}

/** What is wanted stands in the token and was checked when it was signed. */
export const renderSigned = downloadSigned;

function checkWish(call: Call): void {
	validate(Object.fromEntries(call.query), transformFields, 'querystring');
}
