/**
 * Makes bodies comparable: JSON parsed, a form as its fields in order, anything else as text.
 *
 * @returns undefined for an empty body
 */
export async function readBody(content: Buffer, type = ''): Promise<unknown> {
	if (content.length === 0) return undefined;
	if (/^multipart\/form-data/i.test(type)) return await readForm(content, type);
	const text = content.toString();
	if (!/\bjson\b/i.test(type)) return text;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

/** Boundaries differ from request to request, so only the fields are kept. */
async function readForm(content: Buffer, type: string): Promise<unknown> {
	const form = await new Response(new Uint8Array(content), {
		headers: { 'content-type': type },
	}).formData();
	return await Promise.all(
		[...form].map(async ([name, value]) =>
			typeof value === 'string'
				? { name, value }
				: { name, fileName: value.name, type: value.type, value: await value.text() },
		),
	);
}
