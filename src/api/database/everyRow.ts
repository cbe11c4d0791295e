import { InvalidRequestError } from '../errors';
import { filterName } from './column';
import { coverEverything } from './cover';
import { quote } from './encoding';
import { extentOf } from './extent';
import { boundText, termOf, type Condition } from './filters';
import { parseLogic, type Term, type TermGroup } from './logicTree';

/**
 * Makes sure that conditions choose rows of a table that is written to: that they are about this table,
 * and that what they leave out depends on what the rows hold.
 *
 * PostgREST applies a filter on a related table to what a write returns, not to what it writes.
 *
 * @throws InvalidRequestError for a condition on a related table, for conditions that may be met by
 * every row whatever it holds, and for raw text that is not understood
 */
export function checkChoosesRows(conditions: readonly Condition[]): void {
	const terms = conditions.flatMap(treesOf);
	if (terms.some((term) => !mayMeetAll(term))) return;
	throw new InvalidRequestError(
		terms.length > 0
			? 'The filters leave no row out, so every row of the table would be changed'
			: 'There is no filter, so every row of the table would be changed',
		`${terms.length > 0 ? `Every row may meet ${terms.map(inWords).join(' and ')}. ` : ''}Add a filter. If you do mean every row, remove all filters and switch on Apply to All Rows.`,
	);
}

type Tree = Term | TermGroup;

/** @throws InvalidRequestError for a condition on a related table */
function treesOf(condition: Condition): Tree[] {
	if ('raw' in condition) {
		checkOwn(condition.relation);
		const terms = parseLogic(boundText(condition));
		return condition.match === 'any' ? [{ match: 'any', terms, negate: false }] : terms;
	}
	if ('conditions' in condition) {
		const { match, negate = false, conditions, relation } = condition;
		checkOwn(relation);
		return conditions.length ? [{ match, negate, terms: conditions.flatMap(treesOf) }] : [];
	}
	const { column, negate, operator, value } = termOf(condition);
	checkOwn(column.relations.join('.'), condition.column);
	return [{ column: filterName(column), negate, operator, value }];
}

function checkOwn(relation: string | undefined, column?: string): void {
	if (!relation?.trim()) return;
	throw new InvalidRequestError(
		`The filter on the related table "${relation.trim()}" does not choose the rows that are changed`,
		`Filter by columns of the table itself, such as the column that refers to "${relation.trim()}".${column ? ` If "${column}" is a column's own name, put it in double quotes: ${quote(column.trim())}.` : ''}`,
	);
}

/** @param isTurned whether a negation around it turns it round */
function mayMeetAll(tree: Tree, isTurned = false): boolean {
	if ('operator' in tree) {
		const { all, none } = extentOf(tree.operator, tree.value);
		return tree.negate === isTurned ? all : none;
	}
	const { match, isInnerTurned } = meaningOf(tree, isTurned);
	const inner = (term: Tree) => mayMeetAll(term, isInnerTurned);
	if (match === 'all') return tree.terms.every(inner);
	return tree.terms.some(inner) || coverEverything(alternatives(tree, isTurned));
}

/** Not all of them is any of their opposites. */
function meaningOf({ match, negate }: TermGroup, isTurned: boolean) {
	const isInnerTurned = negate !== isTurned;
	return { isInnerTurned, match: isInnerTurned ? (match === 'all' ? 'any' : 'all') : match };
}

/** The terms of which any is enough, those of groups within among them. */
function alternatives(tree: Tree, isTurned: boolean): Term[] {
	if ('operator' in tree) return [{ ...tree, negate: tree.negate !== isTurned }];
	const { match, isInnerTurned } = meaningOf(tree, isTurned);
	if (match === 'all' && tree.terms.length > 1) return [];
	return tree.terms.flatMap((term) => alternatives(term, isInnerTurned));
}

function inWords(tree: Tree): string {
	if ('terms' in tree) return `a group of ${tree.terms.length}`;
	const { column, operator, value, negate } = tree;
	return `"${column} ${negate ? 'not ' : ''}${operator} ${value}"`;
}
