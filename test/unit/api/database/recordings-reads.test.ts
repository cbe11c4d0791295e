import { InvalidRequestError } from '../../../../src/api/errors';
import { requestTarget } from '../../../../src/api/request';
import { select } from '../../../../src/api/database/select';
import { recordedReads } from './recordedReadFixture';
import { otherWords, reads, refusedReads, unsayable } from './recordedReads';

/** A request's query as it is meant: the defaults left out, nothing in an order that does not matter. */
function meaning(target: string): { path: string; query: string[] } {
	const [path = '', search = ''] = target.split('?');
	const query = [...new URLSearchParams(search)]
		.map(([name, value]) => [name, inFull(name, value)] as const)
		.filter(([name, value]) => name !== 'select' || value !== '*');
	return {
		path: decodeURIComponent(path),
		query: query.map(([name, value]) => `${name}=${value}`).sort(),
	};
}

function inFull(name: string, value: string): string {
	if (name === 'select') return value || '*';
	if (!/^(\w+\.)?order$/.test(name)) return value;
	const terms = value.split(',').map((term) => term.trim());
	return terms.map((term) => (/\.(asc|desc)\b/.test(term) ? term : ascending(term))).join(',');
}

function ascending(term: string): string {
	return term.replace(/(\.nulls(first|last))?$/, '.asc$1');
}

const named = recordedReads.map((each) => [each.case, each] as const);
const said = named.filter(([name]) => !(name in unsayable) && !(name in refusedReads));

test.each(said)('%s', (name, { path }) => {
	const { table, options } = reads[name] ?? { table: '', options: {} };
	const ours = meaning(requestTarget(select({ schema: 'public', name: table }, options)));
	const theirs = meaning(path);
	const other = otherWords[name]?.sent;
	if (other === undefined) return expect(ours).toEqual(theirs);
	expect(ours.path).toBe(theirs.path);
	expect(ours.query.filter((each) => !theirs.query.includes(each))).toEqual([other]);
});

test.each(Object.entries(refusedReads))('%s: refused before it is sent', (name) => {
	const { table, options } = reads[name] ?? { table: '', options: {} };
	expect(() => select({ schema: 'public', name: table }, options)).toThrow(InvalidRequestError);
});

test('every recorded read is here, once', () => {
	const known = [...Object.keys(reads), ...Object.keys(unsayable)];
	expect(known.sort()).toEqual(recordedReads.map((each) => each.case).sort());
});

test('what cannot be said was refused by the server, but for mistakes that it lets pass', () => {
	const succeeded = recordedReads.filter((each) => each.case in unsayable && each.status < 300);
	expect(succeeded.map((each) => each.case)).toEqual([
		'select: select twice in query',
		'select: query param no value',
		'filter: in unquoted parens',
		'filter: in empty quoted string',
	]);
});
