import type { Query } from '../request';
import { columnName } from './column';
import { logicElement, quote } from './encoding';
import type { KeyText } from './pairing';

/**
 * The condition for all rows behind one, in the order of the key: `id=gt.5`, or for several columns
 * `or=(a.gt.1,and(a.eq.1,b.gt.2))`.
 *
 * @param values the row's key, as the database writes it
 */
export function rowsAfter(key: readonly string[], values: KeyText): Query {
	const terms = key.map((column, index) => ({
		name: columnName(column),
		text: elementOf(values[index] ?? ''),
	}));
	const [only] = terms;
	if (only && terms.length === 1) {
		const [value = ''] = values;
		if (!isRounded(value)) return [[only.name, `gt.${value}`]];
		return [['or', `(${only.name}.gt.${only.text})`]];
	}
	const steps = terms.map(({ name, text }, index) => {
		const equals = terms.slice(0, index).map((term) => `${term.name}.eq.${term.text}`);
		const step = [...equals, `${name}.gt.${text}`].join(',');
		return index === 0 ? step : `and(${step})`;
	});
	return [['or', `(${steps.join(',')})`]];
}

/** Quoted it is text to every server, which some would round otherwise. */
function elementOf(value: string): string {
	return isRounded(value) ? quote(value) : logicElement(value);
}

/** Whether a number in JavaScript is another. */
function isRounded(text: string): boolean {
	return /^-?\d{16,}(\.\d+)?$/.test(text) && String(Number(text)) !== text;
}
