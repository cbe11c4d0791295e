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
		/** What became of these items together. */
		readonly note?: string,
	) {
		super(cause instanceof Error ? cause.message : String(cause));
		this.name = 'ItemsError';
	}
}

/** Whether a request may have been carried out although it failed. */
export function isUncertain(error: unknown): boolean {
	const cause = error instanceof ItemsError ? error.cause : error;
	return cause instanceof SupabaseApiError && ['unknown', 'done'].includes(cause.outcome);
}

/** The failure of certain items; `note` says what became of them together. */
export function failed(items: readonly number[], cause: unknown, note?: string): ItemsError {
	return new ItemsError(items, cause, note);
}

/**
 * Turns whatever was thrown into the error that n8n shows: its message says what went wrong, its
 * description how to mend it.
 *
 * @param node the node that failed
 * @param error a `SupabaseApiError`, an `InvalidRequestError`, an `ItemsError` around one of them, or
 * anything else
 * @param item the item at fault, where it is known
 * @param stands what was written before, in words
 */
export function nodeError(
	node: INode,
	error: unknown,
	item?: number,
	stands?: string,
): NodeApiError | NodeOperationError {
	if (error instanceof ItemsError) {
		const only = error.items.length === 1 ? error.items[0] : item;
		return nodeError(node, error.cause, only, joined(error.note, stands));
	}
	if (error instanceof SupabaseApiError) return apiError(node, error, item, stands);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		if (item !== undefined) error.context.itemIndex ??= item;
		return exactly(error, error.message, joined(error.description, stands));
	}
	const { message, hint } = Object(error) as Partial<InvalidRequestError>;
	return exactly(
		new NodeOperationError(node, error instanceof Error ? error : String(error), {
			itemIndex: item,
		}),
		message ?? String(error),
		joined(error instanceof InvalidRequestError ? hint : undefined, stands),
	);
}

function apiError(
	node: INode,
	error: SupabaseApiError,
	item: number | undefined,
	stands: string | undefined,
): NodeApiError {
	const { code, status, details, hint, requestId, outcome } = error;
	const facts = [
		code && `Code ${code}`,
		status && `HTTP status ${status}`,
		requestId && `request ${requestId}`,
	];
	const description = joined(
		details && sentence(details),
		hint && sentence(hint),
		adviceFor(error),
		OUTCOME_NOTES[outcome],
		stands,
		sentence(facts.filter(Boolean).join(', ')),
	);
	const httpCode = status === undefined ? undefined : String(status);
	const result = new NodeApiError(node, {}, { message: error.message, httpCode, itemIndex: item });
	result.context.data = { code, status, details, hint, requestId, outcome };
	return exactly(result, error.message, description);
}

function joined(...parts: Array<string | null | undefined>): string | undefined {
	return parts.filter(Boolean).join(' ') || undefined;
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

function sentence(text: string): string {
	return !text || /[.!?]$/.test(text) ? text : `${text}.`;
}
