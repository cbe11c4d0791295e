import { isDeepStrictEqual } from 'node:util';

import type { RecordedRequest } from './recorder';

/** One thing in which our request is not the official client's. */
export interface Difference {
	/**
	 * `method`, `path`, `query <name>`, `header <name>`, `prefer <name>` (a preference counts by
	 * itself, as several share one header), `body`; `request` where one side asks something that
	 * the other never asks, as `GET /path`; `requests` for their number otherwise.
	 */
	readonly what: string;
	/** Undefined where we send nothing of the kind. */
	readonly ours?: string;
	/** Undefined where they send nothing of the kind. */
	readonly theirs?: string;
}

/** Headers that belong to the connection or name the program, not the request. */
const incidental = new Set([
	'accept-encoding',
	'accept-language',
	'connection',
	'content-length',
	'host',
	'sec-fetch-mode',
	'transfer-encoding',
	'user-agent',
	'x-client-info',
]);

/** Compares requests pair by pair, in the order in which they were sent. */
export function requestDifferences(
	ours: readonly RecordedRequest[],
	theirs: readonly RecordedRequest[],
): Difference[] {
	if (ours.length === theirs.length) return pairwise(ours, theirs);
	const [our, their] = [new Set(ours.map(asked)), new Set(theirs.map(asked))];
	const alone = [
		...[...our].filter((each) => !their.has(each)).map((each) => ({ what: 'request', ours: each })),
		...[...their]
			.filter((each) => !our.has(each))
			.map((each) => ({ what: 'request', theirs: each })),
	];
	return [
		...alone,
		...pairwise(
			ours.filter((request) => their.has(asked(request))),
			theirs.filter((request) => our.has(asked(request))),
		),
	];
}

function asked({ method, path }: RecordedRequest): string {
	return `${method} /${path.join('/')}`;
}

function pairwise(
	ours: readonly RecordedRequest[],
	theirs: readonly RecordedRequest[],
): Difference[] {
	if (ours.length !== theirs.length) {
		return [{ what: 'requests', ours: String(ours.length), theirs: String(theirs.length) }];
	}
	return ours.flatMap((request, index) => differences(request, theirs[index] as RecordedRequest));
}

function differences(ours: RecordedRequest, theirs: RecordedRequest): Difference[] {
	const [our, their] = [describe(ours), describe(theirs)];
	const found = [...new Set([...our.keys(), ...their.keys()])]
		.filter((what) => our.get(what) !== their.get(what))
		.map((what) => ({ what, ours: our.get(what), theirs: their.get(what) }));
	if (!isDeepStrictEqual(ours.body, theirs.body)) {
		found.push({ what: 'body', ours: asText(ours.body), theirs: asText(theirs.body) });
	}
	return found;
}

/** All of a request but its body, as names and values that can be compared one by one. */
function describe({ method, path, query, headers }: RecordedRequest): Map<string, string> {
	const described = new Map([
		['method', method],
		['path', JSON.stringify(path)],
	]);
	for (const [name, values] of grouped(query)) described.set(`query ${name}`, values);
	for (const [name, value] of Object.entries(headers)) {
		if (name === 'prefer') {
			for (const [preference, values] of grouped(preferences(value))) {
				described.set(`prefer ${preference}`, values);
			}
		} else if (matters(name, value, path)) {
			described.set(`header ${name}`, name === 'content-type' ? mediaType(value) : value);
		}
	}
	return described;
}

type Pair = readonly [name: string, value: string];

/** The values of each name as one text, which is the same in whatever order they came. */
function grouped(pairs: readonly Pair[]): Map<string, string> {
	const groups = new Map<string, string[]>();
	for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
	return new Map(
		[...groups].map(([name, values]) => [
			name,
			values.length === 1 ? String(values[0]) : JSON.stringify(values.sort()),
		]),
	);
}

function preferences(header: string): Pair[] {
	return header.split(',').map((preference) => {
		const [name = '', ...value] = preference.trim().split('=');
		return [name, value.join('=')];
	});
}

function matters(name: string, value: string, path: readonly string[]): boolean {
	if (incidental.has(name)) return false;
	// To ask for anything is to ask for nothing in particular.
	if (name === 'accept') return value !== '*/*';
	// Only the auth service answers differently by version.
	return name !== 'x-supabase-api-version' || path.includes('auth');
}

function mediaType(value: string): string {
	return value
		.toLowerCase()
		.replace(/\s*;\s*charset=utf-8/, '')
		.replace(/;\s*boundary=.*/, '');
}

function asText(body: unknown): string | undefined {
	return typeof body === 'string' ? body : JSON.stringify(body);
}
