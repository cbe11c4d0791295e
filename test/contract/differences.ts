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
	{ cases: 'file.getInfo.mark', what: 'path', ours: '*what?.png"]', theirs: '*what"]', why: 'Storage: a name may hold a question mark, from which on the client makes it a query' },
	{ cases: 'file.getInfo.mark', what: 'query .png', theirs: '', why: 'Storage: the same' },
	{ cases: 'file.uploadToSignedUrl', what: 'header x-upsert', theirs: 'false', why: 'Storage: the token alone decides whether a signed upload overwrites' },
];
