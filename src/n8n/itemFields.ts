import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/** What n8n has to be asked for. */
export const UNREAD = Symbol('unread');

/** Resolves one expression for an item, or leaves it to n8n: `UNREAD`. */
export type ReadField = (expression: string, item: number) => unknown;

/**
 * Reads expressions that name a field of the item and do nothing else, `={{ $json.name }}`, in the item
 * itself: n8n builds all that an expression may use for each one that it evaluates, which takes longer
 * than all else that is done for an item.
 *
 * That the field is what n8n gives is not taken for granted: for the first item that has it n8n is asked
 * as well, and another answer, or none, leaves the expression to n8n for good. So is left whatever is
 * no text, number, truth or null, and every other expression.
 */
export function itemFields(node: IExecuteFunctions): ReadField {
	const items = node.getInputData();
	const paths = new Map<string, readonly string[] | undefined>();
	const proven = new Set<string>();

	function isProven(expression: string, item: number, found: unknown): boolean {
		if (proven.has(expression)) return true;
		// That it is not there would be so of any other object, too.
		if (found === undefined || found === null) return false;
		const isSame = Object.is(evaluated(node, expression, item), found);
		if (isSame) proven.add(expression);
		else paths.set(expression, undefined);
		return isSame;
	}

	return (expression, item) => {
		if (!paths.has(expression)) paths.set(expression, fieldPath(expression));
		const path = paths.get(expression);
		if (!path) return UNREAD;
		const found = fieldAt(items[item]?.json, path);
		return found !== UNREAD && isProven(expression, item, found) ? found : UNREAD;
	};
}

function evaluated(node: IExecuteFunctions, expression: string, item: number): unknown {
	try {
		return node.evaluateExpression(expression.slice(1), item);
	} catch {
		return UNREAD;
	}
}

const NAME = String.raw`\.[A-Za-z_]\w*|\["[^"\\{}\r\n]*"\]|\['[^'\\{}\r\n]*'\]`;
const FIELD = new RegExp(String.raw`^=\{\{\s*\$json((?:${NAME})+)\s*\}\}$`);

/** The names that lead to a field, by an expression that says nothing but them. */
export function fieldPath(expression: string): readonly string[] | undefined {
	const [, path] = FIELD.exec(expression) ?? [];
	return path
		?.match(new RegExp(NAME, 'g'))
		?.map((name) => (name.startsWith('.') ? name.slice(1) : name.slice(2, -2)));
}

function fieldAt(json: IDataObject | undefined, path: readonly string[]): unknown {
	let value: unknown = json;
	for (const name of path) {
		if (typeof value !== 'object' || value === null) return UNREAD;
		// What every object has is no field of the item.
		if (!Object.hasOwn(value, name) && name in value) return UNREAD;
		value = (value as IDataObject)[name];
	}
	return value === null || READ.has(typeof value) ? value : UNREAD;
}

const READ = new Set(['string', 'number', 'boolean', 'undefined']);
