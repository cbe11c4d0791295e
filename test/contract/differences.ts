import type { KeptDifference } from './kept';

const aboutKeys = 'API keys: one of the new kind is no token, and servers may refuse it as one';
const aboutEnds = 'PostgREST: a row cap cuts an answer silently, and the count tells that it did';
const aboutReturn = 'PostgREST: says by name what is its default';
const aboutMissing =
	'PostgREST: where no row leaves a column out, none takes a default, and looking for them takes time for each row';
const aboutFunctions = 'PostgREST: a function answers the same whatever the return preference says';
const aboutArrays =
	'PostgreSQL: an element of an array that holds commas, quotes or blanks has to be quoted';
const aboutRaw =
	'PostgREST: raw text goes into and=(…), where several conditions, or(…) among them, can stand';
const aboutOne =
	'PostgREST: one row goes like many, so that its answer does not depend on the number';
const aboutNames =
	'PostgREST: a quoted name is the same everywhere, and blanks in it are kept in select alone so';
const aboutObjects = "JSON: an object's text, not [object Object]";
const aboutRollback =
	'PostgREST: where dry runs are not allowed it would write, so it is asked with a read before';
const aboutBeginning = 'PostgREST: to begin at row 0 is to say nothing';
const aboutPairing =
	'PostgREST: says which rows were written by their keys alone, which only their text tells exactly';
const aboutCounting =
	'PostgREST: rows may come in several pages, so the count is asked by itself, without rows';
const aboutNoBody = 'HTTP: a request without a body has no type of one';
const aboutSigning =
	'Storage: signs a path in the address half decoded, and one in the body as it is';
const aboutEmpty = 'HTTP: there is no body that could have a type';
const aboutPages = 'Auth: OAuth clients have no pages';

/**
 * Where our requests are meant not to equal the official client's, one line each. An entry that no
 * case needs any more fails the contract tests.
 */
// prettier-ignore
export const differences: readonly KeptDifference[] = [
	{ cases: 'keys.new.*', what: 'header authorization', theirs: 'Bearer sb_*', why: aboutKeys },
	{ cases: 'auth.signUp.newKeys', what: 'header authorization', theirs: 'Bearer sb_*', why: aboutKeys },
	{ cases: 'auth.mfa.challenge*', what: 'body', ours: '{*}', theirs: '{"factorId":*}', why: 'Auth: the factor stands in the path' },
	{ cases: 'auth.mfa.unenroll', what: 'header content-type', theirs: 'application/json', why: aboutNoBody },
	{ cases: 'auth.identity.unlink', what: 'header content-type', theirs: 'application/json', why: aboutNoBody },
	{ cases: 'auth.session.signOut.*', what: 'header content-type', theirs: 'application/json', why: aboutNoBody },
	{ cases: 'auth.session.getClaims.unknownKey', what: 'request', theirs: 'GET /auth/v1/.well-known/jwks.json', why: 'Auth: keys that were asked for a moment ago are not asked for again, since anybody can make an ID up' },
	{ cases: 'auth.session.getClaims.publicKey', what: 'header authorization', ours: 'Bearer *', theirs: 'Bearer *', why: 'Auth: whoever asks for the published keys does not matter' },
	{ cases: 'row.select.all', what: 'request', ours: 'GET /rest/v1/', why: 'PostgREST: its schema description alone names the primary key, by which pages hold together' },
	{ cases: 'row.select.count.*.rows', what: 'request', ours: 'HEAD /rest/v1/t', why: aboutCounting },
	{ cases: 'row.select.count.*.rows', what: 'prefer count', theirs: '*', why: aboutCounting },
	{ cases: 'row.select.reference.fetch.count', what: 'request', ours: 'HEAD /rest/v1/planets', why: aboutCounting },
	{ cases: 'row.select.reference.fetch.count', what: 'prefer count', theirs: 'exact', why: aboutCounting },
	{ cases: 'row.select*maybeSingle', what: 'query limit', ours: '2', why: 'PostgREST: two rows are enough to tell that there is more than one' },
	{ cases: 'row.select.reference.range', what: 'query offset', theirs: '0', why: aboutBeginning },
	{ cases: 'row.select.reference.range.foreign', what: 'query instruments.offset', theirs: '0', why: aboutBeginning },
	{ cases: 'row.select.filter.eq.space', what: 'query "Unit Price"', ours: 'eq.x', why: aboutNames },
	{ cases: 'row.select.filter.eq.space', what: 'query Unit Price', theirs: 'eq.x', why: aboutNames },
	{ cases: 'row.select.filter.cs.quotes', what: 'query tags', ours: 'cs.{"*"}', theirs: 'cs.{*}', why: aboutArrays },
	{ cases: 'row.select.filter.like(any).quotes', what: 'query name', ours: 'like(any).{"%b, c%"}', theirs: 'like(any).{%b, c%}', why: aboutArrays },
	{ cases: 'row.select.filter.in.quotes', what: 'query name', ours: 'in.("e\\"f","g\\\\h"," sp ","")', theirs: 'in.(e"f,g\\h, sp ,)', why: 'PostgREST: in a list a quote at the beginning, outer blanks and no text at all are kept by quoting alone' },
	{ cases: 'row.select.filter.in.emptyText', what: 'query name', ours: 'in.("","")', theirs: 'in.()', why: 'PostgREST: one empty text is taken for a list without elements, so it is sent twice' },
	{ cases: 'row.select.filter.isdistinct.null', what: 'query v', ours: 'not.is.null', theirs: 'isdistinct.null', why: 'PostgREST: isdistinct.null compares with the text "null"' },
	{ cases: 'row.select.filter.cs.objects', what: 'query j', ours: 'cs.[{"a":1}]', theirs: 'cs.{[object Object]}', why: aboutObjects },
	{ cases: 'row.select.filter.not.is.not_null', what: 'query c', ours: 'is.null', theirs: 'not.is.not_null', why: 'PostgREST: not.is.null is the one way that it knows of a related table, and its opposite is is.null' },
	{ cases: 'row.select.filter.object.null', what: 'query name', ours: 'is.null', theirs: 'eq.null', why: 'SQL: nothing equals null; eq.null compares with the text "null"' },
	{ cases: 'row.select.filter.group.not', what: 'query not.or', ours: '(id.eq.1,name.eq.Mars)', why: 'PostgREST: not.or=(…) says what or=(not.or(…)) does' },
	{ cases: 'row.select.filter.group.not', what: 'query or', theirs: '(not.or(id.eq.1,name.eq.Mars))', why: 'PostgREST: not.or=(…) says what or=(not.or(…)) does' },
	{ cases: 'row.select.filter.raw*', what: 'query and', ours: '(or(*))', why: aboutRaw },
	{ cases: 'row.select.filter.raw*', what: 'query or', theirs: '(*)', why: aboutRaw },
	{ cases: 'row.select.filter.raw.referenced', what: 'query t2.and', ours: '(or(*))', why: aboutRaw },
	{ cases: 'row.select.filter.raw.referenced', what: 'query t2.or', theirs: '(*)', why: aboutRaw },
	{ cases: 'row.select.reference.filter', what: 'query name', ours: 'in.(Mars,Tatooine)', theirs: 'in.("Mars","Tatooine")', why: 'PostgREST: in a list quotes are for what needs them' },
	{ cases: 'queues.*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'row.insert.*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'row.update.*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'row.upsert.*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'row.delete.*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'row.insert.*', what: 'prefer return', ours: 'minimal', why: aboutReturn },
	{ cases: 'row.update.*', what: 'prefer return', ours: 'minimal', why: aboutReturn },
	{ cases: 'row.upsert.*', what: 'prefer return', ours: 'minimal', why: aboutReturn },
	{ cases: 'row.delete.*', what: 'prefer return', ours: 'minimal', why: aboutReturn },
	{ cases: 'row.upsert.ignore', what: 'query select', ours: '*,n8n_key_0:id::text', theirs: '*', why: aboutPairing },
	{ cases: 'row.upsert.mixed', what: 'requests', ours: '2', theirs: '1', why: 'PostgREST: an upsert resets the columns that a row leaves out and others name, so rows with the same columns go together' },
	{ cases: 'row.insert.ownDefaults', what: 'prefer missing', ours: 'default', why: 'SQL: a column that is left out takes its default; the client sends NULL for it, which overrides that' },
	{ cases: 'row.insert.quotes', what: 'prefer missing', theirs: 'default', why: aboutMissing },
	{ cases: 'row.insert.json', what: 'prefer missing', theirs: 'default', why: aboutMissing },
	{ cases: 'row.insert.defineBelow', what: 'prefer missing', theirs: 'default', why: aboutMissing },
	{ cases: 'row.insert.chunks', what: 'prefer missing', theirs: 'default', why: aboutMissing },
	{ cases: 'row.upsert.missingDefault', what: 'prefer missing', theirs: 'default', why: aboutMissing },
	{ cases: 'row.insert.quotes', what: 'query columns', ours: '*\\"*', theirs: '*', why: 'PostgREST: a quote inside a quoted name has to be escaped' },
	{ cases: 'row.*.reference.one', what: 'query columns', ours: '"id","name"', why: aboutOne },
	{ cases: 'row.*.reference.one', what: 'body', ours: '[*]', theirs: '*', why: aboutOne },
	{ cases: 'row.delete*', what: 'header content-type', theirs: 'application/json', why: aboutNoBody },
	{ cases: 'row.*ollback', what: 'request', ours: 'GET /rest/v1/planets', why: aboutRollback },
	{ cases: 'row.*.explain.all', what: 'request', ours: 'GET /rest/v1/planets', why: aboutRollback },
	{ cases: 'function.call.rollback', what: 'request', ours: 'GET /rest/v1/*', why: aboutRollback },
	{ cases: 'function.call.explain.analyze', what: 'request', ours: 'GET /rest/v1/*', why: aboutRollback },
	{ cases: 'function.call.get.array*', what: 'request', ours: 'GET /rest/v1/', why: 'PostgREST: its schema description alone tells a variadic argument, whose name is repeated, from an array' },
	{ cases: 'function.call.head.object', what: 'query limit', ours: '1', why: 'PostgREST: for a count that is asked with POST one row is enough' },
	{ cases: 'function.call*', what: 'prefer count', ours: 'exact', why: aboutEnds },
	{ cases: 'function.call.*', what: 'prefer return', theirs: '*', why: aboutFunctions },
	{ cases: 'function.call.get.array.quotes', what: 'query strs', ours: '{"a b","c,d"}', theirs: '{a b,c,d}', why: aboutArrays },
	{ cases: 'function.call.get.object', what: 'query obj', ours: '{"a":[1]}', theirs: '[object Object]', why: aboutObjects },
	{ cases: 'function.call.get.arrayOfObjects', what: 'query objs', ours: '[{"a":1}]', theirs: '{[object Object]}', why: aboutObjects },
	{ cases: 'file.getInfo.mark', what: 'path', ours: '*what?.png"]', theirs: '*what"]', why: 'Storage: a name may hold a question mark, from which on the client makes it a query' },
	{ cases: 'file.getInfo.mark', what: 'query .png', theirs: '', why: 'Storage: the same' },
	{ cases: 'file.createSignedUrl', what: 'path', ours: '*"avatars"]', theirs: '*.png"]', why: aboutSigning },
	{ cases: 'file.createSignedUrl', what: 'body', ours: '*"paths":[*', theirs: '{"expiresIn":60}', why: aboutSigning },
	{ cases: 'file.uploadToSignedUrl*', what: 'header x-upsert', theirs: 'false', why: 'Storage: the token alone decides whether a signed upload overwrites' },
	{ cases: 'admin.user.delete*', what: 'request', theirs: 'GET /auth/v1/admin/users/*', why: 'Auth: deleting answers nothing, and the client reads the user before for its own answer; it is one request more that may fail' },
	{ cases: 'admin.user.generateLink.signup', what: 'body', ours: '*"data":{"a":1}}', theirs: '*"redirectTo":"https://e.x/w"}', why: 'Auth: the address to come back to counts in the query; the client leaves it in the body as well' },
	{ cases: 'admin.user.signOut.*', what: 'header apikey', ours: '*', theirs: '*', why: 'API keys: beside a token of a user the publishable key opens the gateway, and the secret one is not needed' },
	{ cases: 'admin.user.signOut.*', what: 'header content-type', theirs: 'application/json', why: aboutEmpty },
	{ cases: 'admin.*.delete', what: 'header content-type', theirs: 'application/json', why: aboutEmpty },
	{ cases: 'admin.oauthClient.regenerateSecret', what: 'header content-type', theirs: 'application/json', why: aboutEmpty },
	{ cases: 'admin.oauthClient.getAll', what: 'query page', theirs: '', why: aboutPages },
	{ cases: 'admin.oauthClient.getAll', what: 'query per_page', theirs: '', why: aboutPages },
	{ cases: 'broadcast.send.*newKeys', what: 'header authorization', theirs: 'Bearer sb_*', why: aboutKeys },
	{ cases: 'broadcast.send.*', what: 'query apikey', theirs: '*', why: 'Realtime: the client leaves the query of its websocket in the address, where the key would end up in logs' },
	{ cases: 'broadcast.send.*', what: 'query vsn', theirs: '2.0.0', why: 'Realtime: the same' },
];
