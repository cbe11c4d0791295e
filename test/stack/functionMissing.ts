import type postgres from 'postgres';

import { refusal, type RestAnswer } from './restAnswer';

/** What PostgREST answers where no function of the schema takes these arguments. */
export async function noSuchFunction(
	sql: postgres.TransactionSql,
	{ schema, name }: { schema: string; name: string },
	given: string[],
): Promise<RestAnswer> {
	const functions = await sql<Array<{ name: string; parameters: string[] }>>`
		select p.proname as name, coalesce(p.proargnames[1:p.pronargs], '{}') as parameters
		from pg_proc p where p.pronamespace = to_regnamespace(quote_ident(${schema})) and p.prokind = 'f'`;
	const sorted = [...given].sort();
	const parameters =
		sorted.length === 0
			? 'without parameters'
			: `with parameter${sorted.length === 1 ? '' : 's'} ${sorted.join(', ')}`;
	const asked = sorted.length === 0 ? ' without parameters' : `(${sorted.join(', ')})`;
	const meant = suggestion(name, sorted, functions);
	return refusal(
		404,
		'PGRST202',
		`Could not find the function ${schema}.${name}${asked} in the schema cache`,
		`Searched for the function ${schema}.${name} ${parameters} or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.`,
		meant && `Perhaps you meant to call the function ${schema}.${meant}`,
	);
}

/** As far as recordings tell: names have to be much alike, and lists of parameters a little. */
const ALIKE = { name: 0.75, parameters: 1 / 3 };

function suggestion(
	name: string,
	given: string[],
	functions: Array<{ name: string; parameters: string[] }>,
): string | undefined {
	const namesakes = functions.filter((each) => each.name === name);
	if (namesakes.length === 0) {
		const names = functions.map((each) => each.name);
		return mostAlike(name, names, ALIKE.name);
	}
	const lists = namesakes.map(({ parameters }) => `(${[...parameters].sort().join(', ')})`);
	const list = mostAlike(`(${given.join(', ')})`, lists, ALIKE.parameters);
	return list && `${name}${list}`;
}

function mostAlike(asked: string, candidates: string[], least: number): string | undefined {
	const found = candidates
		.filter((each) => pairs(each).some((pair) => pairs(asked).includes(pair)))
		.map((each) => ({
			each,
			alike: 1 - distance(asked, each) / Math.max(asked.length, each.length),
		}))
		.filter(({ alike }) => alike >= least - 1e-9)
		.sort((a, b) => b.alike - a.alike);
	return found[0]?.each;
}

/** Neighbouring letters, its beginning and its end among them. */
function pairs(text: string): string[] {
	const letters = `-${text.toLowerCase().replace(/[^a-z0-9, ]/g, '')}-`;
	return letters === '--' ? [] : [...letters.slice(1)].map((letter, i) => `${letters[i]}${letter}`);
}

/** How many letters have to be put in, taken out or changed to make one text of the other. */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (const [i, letter] of [...a].entries()) {
		const next = [i + 1];
		for (const [j, other] of [...b].entries())
			next.push(
				Math.min(
					(next[j] ?? 0) + 1,
					(row[j + 1] ?? 0) + 1,
					(row[j] ?? 0) + Number(letter !== other),
				),
			);
		row = next;
	}
	return row[b.length] ?? 0;
}
