import { keepDifferences, type KeptDifference } from './kept';
import { projectKeys } from './keys';
import { officialClient } from './official';
import { startRecorder, type RecordedRequest, type Recorder } from './recorder';

let recorder: Recorder;
let theirs: RecordedRequest[];

const key = projectKeys.legacy.secretKey;
const ours = {
	method: 'POST',
	path: '/rest/v1/Order%20Items',
	query: 'select=*&columns="id"',
	headers: {
		apikey: key,
		Authorization: `Bearer ${key}`,
		'Content-Type': 'application/json; charset=UTF-8',
		'Content-Profile': 'public',
		Prefer: 'return=representation,missing=default',
	} as Record<string, string>,
	body: '[ { "id": 1 } ]',
};

beforeAll(async () => {
	recorder = await startRecorder();
	await officialClient(recorder.url)
		.from('Order Items')
		.insert([{ id: 1 }], { defaultToNull: false })
		.select();
	theirs = recorder.take();
});

afterAll(async () => {
	await recorder.close();
});

async function sent(changes: Partial<typeof ours> = {}): Promise<RecordedRequest[]> {
	const { method, path, query, headers, body } = { ...ours, ...changes };
	await fetch(`${recorder.url}${path}?${query}`, { method, headers, body });
	return recorder.take();
}

async function compare(
	changes: Partial<typeof ours>,
	entries: KeptDifference[] = [],
): Promise<string[]> {
	const { expectSameRequests } = keepDifferences(entries);
	const requests = await sent(changes);
	try {
		expectSameRequests(requests, theirs, { name: 'insert.many' });
	} catch (error) {
		return (error as Error).message.split('\n').slice(1);
	}
	return [];
}

test('a case in which nothing is asked proves nothing', () => {
	const { expectSameRequests } = keepDifferences([]);
	expect(() => expectSameRequests([], [], { name: 'insert.many' })).toThrow(
		'insert.many: the official client asked nothing.',
	);
});

test('a request is the same whatever the order and spelling of its parts', async () => {
	expect(await compare({})).toEqual([]);
});

test.each<[string, Partial<typeof ours>, string[]]>([
	['the method', { method: 'PATCH' }, ['  method: ours PATCH, theirs POST']],
	[
		'the path',
		{ path: '/rest/v1/Order/Items' },
		['  path: ours ["rest","v1","Order","Items"], theirs ["rest","v1","Order Items"]'],
	],
	[
		'a parameter twice',
		{ query: 'select=*&select=*&columns="id"' },
		['  query select: ours ["*","*"], theirs *'],
	],
	[
		'a parameter missing and one too many',
		{ query: 'columns="id"&limit=1' },
		['  query limit: ours 1, theirs (nothing)', '  query select: ours (nothing), theirs *'],
	],
	[
		'a preference',
		{ headers: { ...ours.headers, Prefer: 'missing=default,return=minimal,count=exact' } },
		[
			'  prefer return: ours minimal, theirs representation',
			'  prefer count: ours exact, theirs (nothing)',
		],
	],
	[
		'a preference twice',
		{ headers: { ...ours.headers, Prefer: `${ours.headers.Prefer}, return=minimal` } },
		['  prefer return: ours ["minimal","representation"], theirs representation'],
	],
	[
		'a header that only we send',
		{ headers: { ...ours.headers, 'x-new': '1', Accept: 'text/csv' } },
		[
			'  header x-new: ours 1, theirs (nothing)',
			'  header accept: ours text/csv, theirs (nothing)',
		],
	],
	['the body', { body: '[{"id":"1"}]' }, ['  body: ours [{"id":"1"}], theirs [{"id":1}]']],
])('%s makes a difference', async (_what, changes, expected) => {
	const found = await compare(changes);
	expect(found.sort()).toEqual(expected.sort());
});

test('the number of requests makes a difference', async () => {
	const { expectSameRequests } = keepDifferences([]);
	expect(() => expectSameRequests([], theirs, { name: 'none' })).toThrow(
		'none differs from the official client:\n  request: ours (nothing), theirs POST /rest/v1/Order Items',
	);
	const twice = [...(await sent()), ...(await sent())];
	expect(() => expectSameRequests(twice, theirs, { name: 'twice' })).toThrow(
		'requests: ours 2, theirs 1',
	);
});

test('a request that only one side makes can be kept, and the others are still compared', async () => {
	const entry = { cases: '*', what: 'request', ours: 'PUT /rest/v1/', why: 'It is asked first' };
	const { expectSameRequests } = keepDifferences([entry]);
	const requests = [
		...(await sent({ method: 'PUT', path: '/rest/v1/' })),
		...(await sent({ body: '[]' })),
	];
	expect(() => expectSameRequests(requests, theirs, { name: 'insert' })).toThrow(
		'insert differs from the official client:\n  body: ours [], theirs [{"id":1}]',
	);
});

describe('a difference kept on purpose', () => {
	const noProfile = Object.fromEntries(
		Object.entries(ours.headers).filter(([name]) => name !== 'Content-Profile'),
	);
	const entry = {
		cases: 'insert.*',
		what: 'header content-profile',
		theirs: 'public',
		why: 'The server takes it for granted',
	};

	test('is let through', async () => {
		expect(await compare({ headers: noProfile }, [entry])).toEqual([]);
	});

	test('explains no other value, part or case', async () => {
		const unexplained = ['  header content-profile: ours (nothing), theirs public'];
		for (const other of [
			{ ...entry, theirs: 'other' },
			{ ...entry, ours: 'public' },
			{ ...entry, what: 'header accept-profile' },
			{ ...entry, cases: 'select.*' },
			{ ...entry, cases: 'insert.*.many' },
		]) {
			expect(await compare({ headers: noProfile }, [other])).toEqual(unexplained);
		}
	});

	test('is told when nothing needs it any more', async () => {
		const kept = keepDifferences([entry, { ...entry, cases: '*', what: 'body', ours: '*' }]);
		kept.expectSameRequests(await sent({ headers: noProfile }), theirs, { name: 'insert.many' });
		expect(kept.unused().map(({ what }) => what)).toEqual(['body']);
	});
});
