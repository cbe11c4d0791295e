import type { KeptDifference } from './kept';

const aboutKeys = 'API keys: one of the new kind is no token, and servers may refuse it as one';
const aboutEnds = 'PostgREST: a row cap cuts an answer silently, and the count tells that it did';

/**
 * Where our requests are meant not to equal the official client's, one line each. An entry that no
 * case needs any more fails the contract tests.
 */
// prettier-ignore
export const differences: readonly KeptDifference[] = [
	{ cases: 'keys.new.*', what: 'header authorization', theirs: 'Bearer sb_*', why: aboutKeys },
	{ cases: 'keys.*', what: 'prefer count', ours: 'estimated', why: aboutEnds },
	{ cases: 'row.select*', what: 'prefer count', ours: 'estimated', why: aboutEnds },
	{ cases: 'row.select.all', what: 'request', ours: 'GET /rest/v1/', why: 'PostgREST: its schema description alone names the primary key, by which pages hold together' },
	{ cases: 'row.insert.*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'row.insert.*', what: 'prefer return', ours: 'minimal', why: 'PostgREST: says by name what is its default' },
	{ cases: 'row.insert.quotes', what: 'query columns', ours: '*\\"*', theirs: '*', why: 'PostgREST: a quote inside a quoted name has to be escaped' },
];
