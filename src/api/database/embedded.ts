/** What stands before empty brackets and is no related table: `count()`, `size.sum()`. */
const AGGREGATE = /(^|\.)(count|sum|avg|min|max)$/;

const TOKEN = /"(?:\\.|[^"\\])*"|\S/gs;

/**
 * The related tables that a select expression reads, by the names that it has for them: tables,
 * views, or the foreign keys that lead to them.
 *
 * @param expression such as `name,boss:people!manager(name),...teams(title)`
 * @see https://docs.postgrest.org/en/stable/references/api/resource_embedding.html
 */
export function embeddedRelations(expression: string): string[] {
	const relations: string[] = [];
	let word = '';
	let before = '';
	for (const [token] of expression.matchAll(TOKEN)) {
		if (token === '(') relations.push(word);
		if (token === ')' && before === '(' && AGGREGATE.test(relations.at(-1) ?? '')) relations.pop();
		word = /^[(),]$/.test(token) ? '' : word + token;
		before = token;
	}
	return relations.map(relationName);
}

const NAME = String.raw`"(?:\\.|[^"\\])*"|[^":!]+`;
const RELATION = new RegExp(`^(?:\\.\\.\\.)?(?:(?:${NAME}):)?(${NAME})(?:!.*)?$`, 's');

/** Without alias, hint and quotes; what is none of our business stays as it is. */
function relationName(word: string): string {
	const name = RELATION.exec(word)?.[1] ?? word;
	return name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/gs, '$1') : name;
}
