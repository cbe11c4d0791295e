import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { InvalidRequestError, SupabaseApiError, type Outcome } from '../api/errors';
import { adviceFor } from './advice';

/** What became of the data, where that is in doubt. */
const OUTCOME_NOTES: Partial<Record<Outcome, string>> = {
	unknown:
		'Whether the request was carried out is unknown: if it writes, look before you run it again.',
	done: 'The request was carried out; only its answer was lost. Do not run it again.',
};

/** What `failed` makes. */
export class ItemsError extends Error {
	constructor(
		readonly items: readonly number[],
		override readonly cause: unknown,
		readonly note?: string,
		/** Something was written, or may have been: running it all again would write it twice. */
		readonly hasWritten = false,
	) {
		super(cause instanceof Error ? cause.message : String(cause));
		this.name = 'ItemsError';
	}
}

/** Whether a request may have been carried out although it failed. */
export function isUncertain(error: unknown): boolean {
	return error instanceof SupabaseApiError && ['unknown', 'done'].includes(error.outcome);
}

/** The failure of certain items; `note` says what became of the others. */
export function failed(
	items: readonly number[],
	cause: unknown,
	note?: string,
	hasWritten?: boolean,
): ItemsError {
	return new ItemsError(items, cause, note, hasWritten);
}

/**
 * Turns whatever was thrown into the error that n8n shows: its message says what went wrong, its
 * description how to mend it.
 *
 * @param node the node that failed
 * @param error a `SupabaseApiError`, an `InvalidRequestError`, an `ItemsError` around one of them, or
 * anything else
 * @param item the item at fault, where it is known
 */
export function nodeError(
	node: INode,
	error: unknown,
	item?: number,
): NodeApiError | NodeOperationError {
	if (error instanceof ItemsError) {
		const only = error.items.length === 1 ? error.items[0] : item;
		return withNote(nodeError(node, error.cause, only), error.note);
	}
	if (error instanceof SupabaseApiError) return apiError(node, error, item);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		if (item !== undefined) error.context.itemIndex ??= item;
		return error;
	}
	const { message, hint } = Object(error) as Partial<InvalidRequestError>;
	return exactly(
		new NodeOperationError(node, error instanceof Error ? error : String(error), {
			itemIndex: item,
		}),
		message ?? String(error),
		error instanceof InvalidRequestError ? hint : undefined,
	);
}

function apiError(node: INode, error: SupabaseApiError, item: number | undefined): NodeApiError {
	const { code, status, details, hint, requestId, outcome } = error;
	const facts = [
		code && `Code ${code}`,
		status && `HTTP status ${status}`,
		requestId && `request ${requestId}`,
	];
	const description = [
		details && sentence(details),
		hint && sentence(hint),
		adviceFor(error),
		outcome === 'unknown' || outcome === 'done' ? OUTCOME_NOTES[outcome] : undefined,
		sentence(facts.filter(Boolean).join(', ')),
	];
	const httpCode = status === undefined ? undefined : String(status);
	const result = new NodeApiError(node, {}, { message: error.message, httpCode, itemIndex: item });
	result.context.data = { code, status, details, hint, requestId, outcome };
	return exactly(result, error.message, description.filter(Boolean).join(' '));
}

/** n8n replaces messages that hold certain words, such as a table's name with "eperm" in it. */
function exactly<E extends NodeApiError | NodeOperationError>(
	error: E,
	message: string,
	description: string | undefined,
): E {
	error.message = message;
	error.description = description;
	error.messages = [];
	return error;
}

function withNote<E extends NodeApiError | NodeOperationError>(
	error: E,
	note: string | undefined,
): E {
	if (note) error.description = [note, error.description].filter(Boolean).join(' ');
	return error;
}

function sentence(text: string): string {
	return !text || /[.!?]$/.test(text) ? text : `${text}.`;
}
