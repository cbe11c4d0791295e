import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { InvalidRequestError, SupabaseApiError, type Outcome } from '../api/errors';
import { dataOrText } from '../api/json';
import type { ErrorContext } from './advice/advice';
import { explain } from './advice/lookup';
import { saying } from './advice/saying';
import { sentence, shown } from './advice/texts';

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

/** What is known of an error beside itself. */
export interface About {
	/** The item at fault, where it is known. */
	readonly item?: number;
	/** What was written before, in words. */
	readonly stands?: string;
	/** What was asked for. */
	readonly context?: ErrorContext;
}

/**
 * Turns whatever was thrown into the error that n8n shows: its message says what went wrong in a
 * person's words; its description how to mend it, then what stands, then codes and the service's own
 * words.
 *
 * @param node the node that failed
 * @param error a `SupabaseApiError`, an `InvalidRequestError`, an `ItemsError` around one of them, or
 * anything else
 */
export function nodeError(
	node: INode,
	error: unknown,
	about: About = {},
): NodeApiError | NodeOperationError {
	const { item, stands } = about;
	if (error instanceof ItemsError) {
		const only = error.items.length === 1 ? error.items[0] : item;
		return nodeError(node, error.cause, {
			...about,
			item: only,
			stands: joined(error.note, stands),
		});
	}
	if (error instanceof SupabaseApiError) return apiError(node, error, about);
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

/**
 * The error of a list in the editor, which shows no more of it than its message: what is wrong and
 * how to mend it.
 */
export function listError(
	node: INode,
	error: unknown,
	context?: ErrorContext,
): NodeApiError | NodeOperationError {
	const made = nodeError(node, error, { context });
	const mend = error instanceof SupabaseApiError ? wordsOf(error, context).mend : made.description;
	const message = [made.message, mend].map((text) => sentence(text ?? '')).filter(Boolean);
	return exactly(made, message.join(' '), made.description ?? undefined);
}

function apiError(
	node: INode,
	error: SupabaseApiError,
	{ item, stands, context }: About,
): NodeApiError {
	const { code, status, details, hint, requestId, outcome, answer } = error;
	const { title, mend } = wordsOf(error, context);
	const facts = [
		code && `Code ${code}`,
		status && `HTTP status ${status}`,
		requestId && `request ${requestId}`,
	];
	const description = joined(
		mend && sentence(mend),
		OUTCOME_NOTES[outcome],
		stands,
		sentence(facts.filter(Boolean).join(', ')),
		saying(error, title, mend),
	);
	const httpCode = status === undefined ? undefined : String(status);
	const result = new NodeApiError(node, {}, { message: title, httpCode, itemIndex: item });
	result.context.data = {
		...{ code, status, details, hint, requestId, outcome },
		...(answer && { body: dataOrText(answer.text) }),
	};
	return exactly(result, title, description);
}

/** What is wrong, and how to mend it. */
function wordsOf(error: SupabaseApiError, context: ErrorContext | undefined) {
	const advice = error.ours ? {} : explain(error, context);
	const title = error.title ?? advice.title ?? shown(error.message);
	return { title, mend: advice.mend ?? error.hint };
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
