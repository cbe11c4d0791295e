/** An item of `select=` that names one column. */
export interface SelectItem {
	/** `*` for all of them. */
	column: string;
	alias?: string;
	/** Type that its value is turned into. */
	cast?: string;
}

/** The names in a `columns` parameter; undefined when it is not well-formed. */
export function parseColumns(text: string): string[] | undefined {
	const items = splitList(text);
	return items?.map(unquote);
}

const NAME = String.raw`"(?:[^"\\]|\\.)*"|[^":,()>.]+`;
const ITEM = new RegExp(String.raw`^(?:(${NAME}):(?!:))?(${NAME})(?:::([a-z][a-z0-9_ ]*))?$`, 'u');

/** The items of a `select` parameter; undefined when one is more than a column. */
export function parseSelect(text: string | null): SelectItem[] | undefined {
	if (text === null || text.trim() === '') return [{ column: '*' }];
	const items: SelectItem[] = [];
	for (const item of splitList(text) ?? ['()']) {
		const [, alias, column, cast] = ITEM.exec(item.trim()) ?? [];
		if (column === undefined) return undefined;
		items.push({
			column: unquote(column),
			...(alias === undefined ? {} : { alias: unquote(alias) }),
			...(cast === undefined ? {} : { cast }),
		});
	}
	return items;
}

function splitList(text: string): string[] | undefined {
	const items = text.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/gu) ?? [];
	return items.length > 0 && items.join(',') === text ? items : undefined;
}

function unquote(name: string): string {
	const text = name.trim();
	return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gu, '$1') : text;
}
