import type { Call } from '../call';
import { type AuthError, invalid, Unexpected } from '../errors';

/** A page of a list that is asked for by its number. */
export interface Page {
	/** As it was asked for: 0 shows the first, too. */
	page: number;
	perPage: number;
	offset: number;
}

const PER_PAGE = 50;

/**
 * The page that the query asks for.
 *
 * @throws AuthError for what is no number; Unexpected for pages of no size, as the service does
 */
export function pageOf({ query }: Call): Page {
	const page = wholeNumber(query.get('page')) ?? 1;
	const perPage = wholeNumber(query.get('per_page')) ?? PER_PAGE;
	if (perPage === 0) throw new Unexpected('Internal Server Error');
	return { page, perPage, offset: Math.max(page - 1, 0) * perPage };
}

/** Headers that say how many there are, and where the next and the last page are found. */
export function pagingHeaders(
	call: Call,
	path: string,
	{ page, perPage }: Page,
	total: number,
): Record<string, string> {
	const last = Math.ceil(total / perPage);
	const links = [
		...(page < last ? [linkOf(call, path, { page: String(page + 1) }, 'next')] : []),
		linkOf(call, path, { page: String(last) }, 'last'),
	];
	return { link: links.join(', '), 'x-total-count': String(total) };
}

/** A link to the same list with other values in the query. Its path leaves the service's own out. */
export function linkOf(
	{ query: given }: Call,
	path: string,
	values: Record<string, string>,
	rel: string,
): string {
	const query = new URLSearchParams(given);
	for (const [name, value] of Object.entries(values)) query.set(name, value);
	query.sort();
	// Go escapes other characters than JavaScript does.
	const text = query.toString().replaceAll('%7E', '~').replaceAll('*', '%2A');
	return `<${path}?${text}>; rel="${rel}"`;
}

/** @returns undefined for an empty or missing one */
export function wholeNumber(text: string | null): number | undefined {
	if (text === null || text === '') return undefined;
	if (!/^[0-9]+$/.test(text))
		throw badPaging(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
	if (BigInt(text) >= 2n ** 64n)
		throw badPaging(`strconv.ParseUint: parsing "${text}": value out of range`);
	return Number(text);
}

export function badPaging(reason: string): AuthError {
	return invalid(`Bad Pagination Parameters: ${reason}`);
}
