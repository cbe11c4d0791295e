import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SupabaseApiError, type ErrorParts } from '../../../src/api/errors';
import { adviceFor } from '../../../src/n8n/advice';

const errorOf = (parts: Partial<ErrorParts>) =>
	new SupabaseApiError('rest', 'refused', { message: 'm', ...parts });

const violation = 'new row violates row-level security policy for table "notes"';

const byCode: Array<[code: string, mend: RegExp, message?: string]> = [
	['42501', /^A policy of the table does not let .* WITH CHECK .* SELECT policy/, violation],
	['42501', /^The role has no right .* GRANT SELECT/, 'permission denied for table notes'],
	['42501', /GRANT EXECUTE/, 'permission denied for function lab_denied_fn'],
	['PGRST205', /^Check Table and Schema\. .*NOTIFY pgrst, 'reload schema'/],
	['42P01', /^Check Table and Schema\./],
	['PGRST204', /^Check the column's name and case\. .*NOTIFY pgrst/],
	['42703', /^Check the column's name and case\./],
	['PGRST106', /exposed schemas/],
	['3F000', /exposed schemas/],
	['PGRST100', /typing mistake/],
	['PGRST101', /table or a function/],
	['PGRST117', /table or a function/],
	['PGRST102', /object of names and values/],
	['PGRST103', /^Lower Offset/],
	[
		'PGRST107',
		/pgrst\.db_plan_enabled/,
		'None of these … are available: application/vnd.pgrst.plan+text',
	],
	['PGRST107', /another form/, 'None of these … are available: application/foo'],
	['PGRST116', /one row meets them/],
	['PGRST122', /one of the Options/],
	['PGRST124', /raise Maximum Rows Changed/],
	['PGRST128', /^Remove Maximum Rows Changed/],
	['PGRST125', /Project URL/],
	['PGRST126', /names by hand/],
	['PGRST202', /names of the arguments.* NOTIFY pgrst/],
	['PGRST203', /rename one/],
	['PGRST300', /PGRST_JWT_SECRET/],
	['PGRST108', /related_table\(\*\)/],
	['PGRST118', /related_table\(\*\)/],
	['PGRST120', /related_table\(\*\)/],
	['PGRST200', /foreign keys/],
	['PGRST201', /related_table!foreign_key/],
	['PGRST123', /pgrst\.db_aggregates_enabled/],
	['PGRST301', /^The token is not valid .* Sign in again/],
	['PGRST303', /^The token has expired .* Sign in again/],
	['PGRST302', /choose another Run As/],
	['PGRST000', /paused/],
	['PGRST001', /paused/],
	['PGRST002', /paused/],
	['PGRST003', /out of connections/],
	['23505', /^Give another value/],
	['23503', /refers to does not exist/],
	['23503', /still refer/, 'update or delete on table "a" violates foreign key constraint "b"'],
	['23502', /a default in the database/],
	['23514', /the table's check/],
	['22P02', /form of the column's type/],
	['22007', /form of the column's type/],
	['22003', /too large/],
	['22001', /Shorten the text/],
	['22P05', /code 0/],
	['428C9', /leave it out of the row/],
	['57014', /statement_timeout/],
	['21000', /Apply to All Rows/, 'UPDATE requires a WHERE clause'],
	['21000', /Remove duplicates/, 'ON CONFLICT DO UPDATE command cannot affect row a second time'],
	['25006', /Reading and Writing/],
	['42P10', /unique constraint/],
	['42883', /does not fit the column's type/],
	['42883', /PostGIS/, 'function st_asgeojson(record) does not exist'],
	['P0001', /function or trigger/],
	['PT402', /function or trigger/],
];

it.each(byCode)('%s: %p', (code, mend, message = 'm') => {
	expect(adviceFor(errorOf({ code, message }))).toMatch(mend);
});

it('of every kind is asked for above', () => {
	const source = readFileSync(join(__dirname, '../../../src/n8n/advice.ts'), 'utf8');
	const known = [...source.matchAll(/code: \/(.+?)\/,/g)].map(([, text = '']) => text);
	expect(known.length).toBeGreaterThan(20);
	const unasked = known
		.flatMap((text) => text.split(/(?<=\$)\|/))
		.filter((text) => !byCode.some(([code]) => new RegExp(text).test(code)));
	expect(unasked).toEqual([]);
});

it.each([
	[401, /Copy the keys again/],
	[403, /Copy the keys again/],
	[404, /Check the Project URL/],
	[413, /Rows per Request/],
	[429, /Wait a while/],
	[500, /logs/],
	[502, /paused or starting/],
	[503, /paused or starting/],
	[504, /Ask for less/],
])('where no code is known goes by the status %d', (status, mend) => {
	expect(adviceFor(errorOf({ status }))).toMatch(mend);
	expect(adviceFor(errorOf({ status, code: 'XX000' }))).toMatch(mend);
});

it('goes by the code rather than the status', () => {
	expect(adviceFor(errorOf({ status: 401, code: 'PGRST303' }))).toMatch(/^The token has expired/);
});

it.each([{}, { status: 418 }, { code: '23505x' }, { code: 'ECONNREFUSED' }])(
	'there is none for %j',
	(parts) => expect(adviceFor(errorOf(parts))).toBeUndefined(),
);
