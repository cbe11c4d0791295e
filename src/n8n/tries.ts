import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';

/**
 * How the try before this one ended, where it wrote something that must not be written again: with
 * the output that it gave, or with a failure.
 */
type Ending =
	| { readonly output: INodeExecutionData[][] }
	| { readonly message: string; readonly description?: string | null };

/**
 * By what n8n hands to each try of one run of a node, and to nothing else: not to the same node's
 * next run in a loop, and not to a person's retry of the whole execution.
 */
const endings = new WeakMap<object, Ending>();

/** With Retry On Fail n8n runs all items again, also those that were written: what to do on the next try. */
export function rememberTry(node: IExecuteFunctions, ending: Ending): void {
	if (node.getNode().retryOnFail) endings.set(node.getExecuteData(), ending);
}

/**
 * The output of the try before, where it is to be given again.
 *
 * n8n also tries again when the first item that comes out has a field `error`, be it a row's own.
 *
 * @throws InvalidRequestError where the try before failed after something was written
 */
export function outputOfEarlierTry(node: IExecuteFunctions): INodeExecutionData[][] | undefined {
	if (!node.getNode().retryOnFail) return undefined;
	const ending = endings.get(node.getExecuteData());
	if (!ending) return undefined;
	if ('output' in ending) return ending.output;
	const reason =
		'Retry On Fail did not run the node again, since that would write twice what was written before the failure.';
	throw new InvalidRequestError(
		ending.message,
		[ending.description, reason].filter(Boolean).join(' '),
	);
}
