import { closeClients, listen, open, ORDERS } from './client';
import { closePhoenix, startPhoenix } from './phoenix';

afterEach(async () => {
	await closeClients();
	await closePhoenix();
});

const COLUMNS =
	'[{"name":"id","type":"int8"},{"name":"n","type":"int4"},{"name":"sum","type":"numeric"},{"name":"doc","type":"jsonb"}]';
const RECORD = '{"id":9007199254740993,"n":5,"sum":1.10,"doc":{"deep":[9007199254740993,1]}}';

async function receive(numbers: 'rounded' | 'text', record = RECORD, columns = COLUMNS) {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), { ...ORDERS, numbers });
	const wire = await phoenix.next();
	const join = await wire.next('phx_join');
	wire.accept(join);
	wire.raw(
		`[null,null,"${join.topic}","postgres_changes",{"ids":[100],"data":{"type":"INSERT","schema":"public","table":"orders","commit_timestamp":"2026-01-01T00:00:00.000Z","columns":${columns},"record":${record},"errors":null}}]`,
	);
	return await heard.changes.until(() => true);
}

test('as text, columns of bigint and numeric are text, and other numbers only where they are rounded', async () => {
	const { record, rounded } = await receive('text');
	expect(record).toEqual({
		id: '9007199254740993',
		n: 5,
		sum: '1.10',
		doc: { deep: ['9007199254740993', 1] },
	});
	expect(rounded).toBeUndefined();
});

test('as text, a column of bigint is text also where no number of the message is long', async () => {
	const columns =
		'[{"name":"id","type":"int8"},{"name":"none","type":"int8"},{"name":"left_out","type":"int8"},{"name":"list","type":"_int8"},{"name":"n","type":"int4"},{"name":"doc","type":"jsonb"}]';
	const record = '{"id":-5,"none":null,"list":[1,[null,20]],"n":7,"doc":{"id":8}}';
	expect((await receive('text', record, columns)).record).toEqual({
		id: '-5',
		none: null,
		list: ['1', [null, '20']],
		n: 7,
		doc: { id: 8 },
	});
});

test('rounded, each number that was is named', async () => {
	const { record, rounded } = await receive('rounded');
	expect(record).toEqual({
		id: 9007199254740992,
		n: 5,
		sum: 1.1,
		doc: { deep: [9007199254740992, 1] },
	});
	expect(rounded).toEqual(['record.id', 'record.doc.deep']);
});
